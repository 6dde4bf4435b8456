package reason

// docs holds the documentation of every reason, in the order of the constants.
var docs = [end]Doc{
	ResolveNXDomain: {
		Resolve, "nxdomain", Fail, Target, Naming, Dig, stays,
		"the resolver says that the name does not exist (NXDOMAIN)",
		"check the spelling in the catalogue; ask another resolver and the zone's own servers; if all agree, the name was withdrawn",
	},
	ResolveNoData: {
		Resolve, "nodata", Fail, Target, Naming, Dig, stays,
		"the name exists but has neither an A nor an AAAA record",
		"ask the zone's own servers; a record set was removed or never published",
	},
	ResolveServFail: {
		Resolve, "servfail", Fail, Resolver, Naming, Dig, passes,
		"the resolver answered SERVFAIL: it could not get an answer from the zone's servers, or DNSSEC validation failed",
		"ask another resolver; if only one fails it is that resolver, if all fail it is the zone",
	},
	ResolveRefused: {
		Resolve, "refused", Fail, Resolver, Naming, Dig, stays,
		"the resolver answers other questions but REFUSED this one",
		"a policy of the resolver names this domain; ask another resolver",
	},
	ResolveFormErr: {
		Resolve, "formerr", Fail, Resolver, Naming, Dig, stays,
		"the resolver answered FORMERR even to a plain question without EDNS",
		"the resolver is defective; ask another one",
	},
	ResolveNotImp: {
		Resolve, "notimp", Fail, Resolver, Naming, Dig, stays,
		"the resolver answered NOTIMP to an ordinary address question",
		"the resolver is defective; ask another one",
	},
	ResolveBadRCode: {
		Resolve, "bad_rcode", Fail, Resolver, Naming, Dig, stays,
		"the resolver answered with a response code that has no meaning for an address question",
		"the resolver is defective; ask another one",
	},
	ResolveReferral: {
		Resolve, "referral", Fail, Resolver, Naming, Dig, stays,
		"the server answered with a referral instead of an answer: it is not a recursive resolver for this name, or the delegation is lame",
		"point the prober at a recursive resolver; if it is one, the zone's delegation is broken",
	},
	ResolveTimeout: {
		Resolve, "timeout", Fail, Resolver, Naming, Dig, passes,
		"no answer for this name within the time allowed, although the resolver answers a control question",
		"the zone's servers are slow or dead, or the resolver drops this name; ask another resolver",
	},
	ResolveTruncated: {
		Resolve, "truncated", Fail, Resolver, Naming, Dig, stays,
		"the answer was truncated and the same question over TCP did not give a whole one",
		"TCP port 53 is blocked on the path, or the server does not serve DNS over TCP as RFC 7766 asks",
	},
	ResolveMismatch: {
		Resolve, "mismatch", Fail, Middlebox, Naming, Dig, stays,
		"answers came back, but for another question than the one asked, until the time was up",
		"somebody forges or garbles DNS answers between the prober and the resolver",
	},
	ResolveBadAnswer: {
		Resolve, "bad_answer", Fail, Resolver, Naming, Dig, stays,
		"the answer section holds addresses of another name and none of the name asked for",
		"the resolver or the zone's server is defective, or the answer is forged; never use that address",
	},
	ResolveMalformed: {
		Resolve, "malformed", Fail, Resolver, Naming, Dig, stays,
		"the answer cannot be parsed as a DNS message",
		"the resolver or something on the path garbles answers; compare with dig +tcp",
	},
	ResolveCNAMELoop: {
		Resolve, "cname_loop", Fail, Target, Naming, Dig, stays,
		"the chain of CNAME records runs in a circle",
		"a record in the chain is wrong; the owner of the zone must mend it",
	},
	ResolveCNAMEDangling: {
		Resolve, "cname_dangling", Fail, Target, Naming, Dig, stays,
		"the chain of CNAME records ends at a name that does not exist or has no address",
		"the alias points to something that was removed; if others can register that name, it can be taken over",
	},
	ResolveCNAMETooLong: {
		Resolve, "cname_too_long", Fail, Target, Naming, Dig, stays,
		"the chain of CNAME records has more than eight links",
		"many resolvers give up on such chains; the owner of the zone must shorten it",
	},
	ResolveBogon: {
		Resolve, "bogon", Fail, Resolver, Naming, Dig, stays,
		"DNS gave a public name an address that is not public (loopback, private, link-local, metadata or reserved); it was not dialled",
		"split-horizon DNS, a filter or a rebinding attack; ask another resolver; --allow-private probes it all the same",
	},
	ResolveNotPrivate: {
		Resolve, "not_private", Fail, Target, Naming, Dig, stays,
		"DNS gave a VPC name a public address",
		"the name should lead to the provider's private network; the record or the resolver is wrong",
	},
	ResolveHijacked: {
		Resolve, "hijacked", Degraded, Resolver, Naming, Dig, stays,
		"a random name beside this one, which cannot exist, resolved all the same",
		"the resolver answers for names that do not exist, so its NXDOMAIN cannot be relied upon; use another one",
	},

	ConnectRefused: {
		Connect, "refused", Fail, Target, Connection, Curl, passes,
		"the address answered the SYN with RST: nothing listens on that port",
		"the service is down on that address, or a firewall refuses",
	},
	ConnectTimeout: {
		Connect, "timeout", Fail, Path, Connection, Curl, passes,
		"the address did not answer the SYN within the time allowed",
		"the host is down, or a filter drops the packets; compare with another vantage point",
	},
	ConnectUnreachable: {
		Connect, "unreachable", Fail, Path, Connection, Curl, passes,
		"a router answered that the host or network cannot be reached",
		"a route is missing on the path or at the target",
	},
	ConnectReset: {
		Connect, "reset", Fail, Middlebox, Connection, Curl, passes,
		"the connection was reset while it was being made",
		"a firewall or load balancer tears down connections to this address",
	},

	TLSTimeout: {
		TLS, "timeout", Fail, Path, Connection, OpenSSL, passes,
		"the TLS handshake did not end within the time allowed",
		"the server hangs, or large packets are lost on the path",
	},
	TLSReset: {
		TLS, "reset", Fail, Path, Connection, OpenSSL, passes,
		"the connection was reset during the TLS handshake",
		"a filter that reads the server name, or a crashed server; compare with another vantage point and another name",
	},
	TLSEOF: {
		TLS, "eof", Fail, Target, Connection, OpenSSL, passes,
		"the server closed the connection during the TLS handshake without an alert",
		"the server or a load balancer gave up; look whether other addresses of the name do the same",
	},
	TLSPlaintext: {
		TLS, "plaintext", Fail, Target, Connection, RawBytes, stays,
		"the server answered the ClientHello in plain text",
		"the port serves plain HTTP or another protocol instead of TLS",
	},
	TLSMalformed: {
		TLS, "malformed", Fail, Target, Connection, OpenSSL, stays,
		"the server's handshake cannot be parsed, or breaks the protocol",
		"the server or something on the path is defective",
	},
	TLSVersion: {
		TLS, "version", Fail, Target, Connection, ProberItself, stays,
		"the server speaks none of TLS 1.0 to 1.3 with the prober",
		"the version table (--tls-versions) shows what it does speak",
	},
	TLSAlertHandshakeFailure: {
		TLS, "alert_handshake_failure", Fail, Target, Connection, OpenSSL, stays,
		"the server ended the handshake with alert handshake_failure (40)",
		"no common cipher suite, group or signature algorithm, or a certificate is missing for this name",
	},
	TLSAlertInternalError: {
		TLS, "alert_internal_error", Fail, Target, Connection, OpenSSL, stays,
		"the server ended the handshake with alert internal_error (80)",
		"the server failed by itself; often a missing certificate for this name",
	},
	TLSAlertUnrecognizedName: {
		TLS, "alert_unrecognized_name", Fail, Target, Connection, OpenSSL, stays,
		"the server ended the handshake with alert unrecognized_name (112)",
		"the server does not know this host name; it was removed or the address belongs to somebody else",
	},
	TLSAlertNoApplicationProtocol: {
		TLS, "alert_no_application_protocol", Fail, Target, Connection, OpenSSL, stays,
		"the server ended the handshake with alert no_application_protocol (120)",
		"the server does not speak HTTP/1.1",
	},
	TLSAlertAccessDenied: {
		TLS, "alert_access_denied", Fail, Target, Connection, OpenSSL, stays,
		"the server ended the handshake with alert access_denied (49)",
		"a policy of the server refuses this client",
	},
	TLSAlertInappropriateFallback: {
		TLS, "alert_inappropriate_fallback", Fail, Target, Connection, OpenSSL, stays,
		"the server ended the handshake with alert inappropriate_fallback (86), although no fallback was signalled",
		"the server is defective",
	},
	TLSAlertOther: {
		TLS, "alert_other", Fail, Target, Connection, OpenSSL, stays,
		"the server ended the handshake with another alert; the detail names it",
		"see the detail",
	},
	TLSClientCertRequired: {
		TLS, "client_cert_required", Fail, Target, Connection, OpenSSL, stays,
		"the server demands a client certificate",
		"the endpoint is not the public API, or its configuration changed",
	},
	TLSCertExpired: {
		TLS, "cert_expired", Fail, Target, Certificate, OpenSSL, stays,
		"the certificate's notAfter is in the past",
		"renew the certificate; if every endpoint shows this, look at the prober's clock",
	},
	TLSCertNotYetValid: {
		TLS, "cert_not_yet_valid", Fail, Target, Certificate, OpenSSL, stays,
		"the certificate's notBefore is in the future",
		"a certificate was installed too early; if every endpoint shows this, look at the prober's clock",
	},
	TLSCertHostname: {
		TLS, "cert_hostname", Fail, Target, Certificate, OpenSSL, stays,
		"the certificate has no subjectAltName that covers the host",
		"the wrong certificate is installed on this address, or the name was not added to it",
	},
	TLSCertSelfSigned: {
		TLS, "cert_self_signed", Fail, Target, Certificate, OpenSSL, stays,
		"the certificate is signed by its own key",
		"a default or test certificate is installed, or somebody intercepts the connection",
	},
	TLSCertUntrusted: {
		TLS, "cert_untrusted", Fail, Middlebox, Certificate, OpenSSL, stays,
		"the chain leads to a root that is not trusted; the detail names the issuer",
		"an intercepting proxy, or a private CA: name its file with --ca-file",
	},
	TLSCertIncompleteChain: {
		TLS, "cert_incomplete_chain", Fail, Target, Certificate, OpenSSL, stays,
		"the server leaves out an intermediate certificate, so the chain does not reach a trusted root",
		"install the whole chain; browsers hide this by fetching what is missing",
	},
	TLSCertUsage: {
		TLS, "cert_usage", Fail, Target, Certificate, OpenSSL, stays,
		"a certificate of the chain may not be used for this: wrong extended key usage, or a CA constraint is violated",
		"have the certificate issued again for server authentication",
	},
	TLSCertRevoked: {
		TLS, "cert_revoked", Fail, Target, Certificate, OpenSSL, stays,
		"the server's own stapled OCSP response says that the certificate is revoked",
		"replace the certificate at once",
	},
	TLSCertMalformed: {
		TLS, "cert_malformed", Fail, Target, Certificate, OpenSSL, stays,
		"a certificate of the chain cannot be parsed or has a signature that does not verify",
		"install the certificate again; if it is right on the server, something on the path garbles it",
	},
	TLSWeakKey: {
		TLS, "weak_key", Degraded, Target, Strength, OpenSSL, stays,
		"a certificate's key is too weak: RSA below 2048 bits or a curve below 224 bits",
		"have the certificate issued again with a stronger key",
	},
	TLSWeakSignature: {
		TLS, "weak_signature", Fail, Target, Strength, OpenSSL, stays,
		"a certificate of the chain is signed with SHA-1 or MD5, which clients refuse",
		"have the certificate issued again with SHA-256 or better",
	},
	TLSHelloIntolerant: {
		TLS, "hello_intolerant", Fail, Middlebox, Connection, OpenSSL, stays,
		"the full ClientHello gets no answer while a small TLS 1.2 one does",
		"a server or a middlebox is intolerant of large or new ClientHellos",
	},
	TLSVersionAccepted: {
		TLS, "version_accepted", Degraded, Target, Strength, OpenSSL, stays,
		"the server accepts a protocol version that its documented rules refuse",
		"switch the old version off on the server",
	},
	TLSVersionMissing: {
		TLS, "version_missing", Degraded, Target, Strength, OpenSSL, stays,
		"the server rejects a protocol version that its documented rules require",
		"switch the version on; clients that rely on the document cannot connect",
	},

	RequestTimeout: {
		Request, "timeout", Fail, Target, Interruption, Curl, passes,
		"no byte of the reply came within the time allowed",
		"the API or what lies behind it hangs",
	},
	RequestWriteTimeout: {
		Request, "write_timeout", Fail, Target, Interruption, Curl, passes,
		"the request could not be written within the time allowed: the server does not read",
		"the server accepts connections but does not serve them",
	},
	RequestReset: {
		Request, "reset", Fail, Target, Interruption, Curl, passes,
		"the connection was reset before a byte of the reply",
		"the server or a load balancer aborts requests",
	},
	RequestEOF: {
		Request, "eof", Fail, Target, Interruption, Curl, passes,
		"the server closed the connection before a byte of the reply",
		"the server or a load balancer drops requests",
	},

	HeadersTimeout: {
		Headers, "timeout", Fail, Target, Interruption, Curl, passes,
		"the reply's header section did not end within the time allowed",
		"the server stalls or sends a byte at a time",
	},
	HeadersReset: {
		Headers, "reset", Fail, Target, Interruption, Curl, passes,
		"the connection was reset inside the reply's header section",
		"the server or a load balancer aborts replies",
	},
	HeadersEOF: {
		Headers, "eof", Fail, Target, Interruption, Curl, passes,
		"the connection was closed inside the reply's header section",
		"the server or a load balancer cuts replies off",
	},
	HeadersTooLarge: {
		Headers, "too_large", Fail, Target, Framing, RawBytes, stays,
		"the reply's header section is larger than the prober reads",
		"the server or something on the path is defective or hostile",
	},
	HeadersTooManyInformational: {
		Headers, "too_many_informational", Fail, Target, Framing, RawBytes, stays,
		"the server sends 1xx replies without end",
		"the server is defective or hostile",
	},
	HeadersBadStatus: {
		Headers, "bad_status", Fail, Target, Framing, RawBytes, stays,
		"the status line has no final status code from 200 to 599, or switches protocols unasked",
		"the server is defective",
	},
	HeadersMalformed: {
		Headers, "malformed", Fail, Target, Framing, RawBytes, stays,
		"a header line breaks the grammar of RFC 9112",
		"the server or something on the path is defective",
	},
	HeadersBareLF: {
		Headers, "bare_lf", Degraded, Target, Framing, RawBytes, stays,
		"lines of the header section end in LF alone instead of CR LF",
		"strict clients and proxies refuse this, and lenient ones can be tricked by it",
	},
	HeadersBadLength: {
		Headers, "bad_length", Fail, Target, Framing, RawBytes, stays,
		"Content-Length is not a number that can be a length",
		"the server is defective",
	},
	HeadersConflictingLength: {
		Headers, "conflicting_length", Fail, Target, Framing, RawBytes, stays,
		"there is more than one Content-Length",
		"clients may disagree about where the reply ends; the server or a proxy in front of it is defective",
	},
	HeadersProtocol: {
		Headers, "protocol", Fail, Target, Framing, RawBytes, stays,
		"the reply is not HTTP/1.1: another protocol, an unknown transfer coding, or a bare HTTP/0.9 text",
		"another service answers on this port",
	},

	BodyTimeout: {
		Body, "timeout", Fail, Target, Interruption, Curl, passes,
		"the body stalled and did not end within the time allowed",
		"the server or what lies behind it hangs while it answers",
	},
	BodyReset: {
		Body, "reset", Fail, Target, Interruption, Curl, passes,
		"the connection was reset inside the body",
		"the server or a load balancer aborts replies",
	},
	BodyTruncated: {
		Body, "truncated", Fail, Target, Framing, RawBytes, passes,
		"the connection was closed before the announced end of the body",
		"the server or a load balancer cuts replies off",
	},
	BodyTooLarge: {
		Body, "too_large", Fail, Target, Framing, Curl, stays,
		"the body, as sent or as decoded, is larger than the prober reads",
		"an API error is a few hundred bytes; something else answers",
	},
	BodyBadEncoding: {
		Body, "bad_encoding", Fail, Target, Framing, Curl, stays,
		"the body is labelled with a content coding that it does not have or that the prober does not know",
		"the server or a proxy labels bodies wrongly",
	},
	BodyBadChunking: {
		Body, "bad_chunking", Fail, Target, Framing, RawBytes, stays,
		"the chunked framing of the body is broken",
		"the server or a proxy is defective",
	},

	VerifySurplusBytes: {
		Verify, "surplus_bytes", Degraded, Target, Framing, RawBytes, stays,
		"bytes follow the announced end of the reply",
		"clients that keep connections open read them as the next reply",
	},
	VerifySmugglingAmbiguous: {
		Verify, "smuggling_ambiguous", Degraded, Target, Framing, RawBytes, stays,
		"the reply has both Content-Length and Transfer-Encoding",
		"proxies and clients may disagree about where it ends (RFC 9112, section 6.3)",
	},
	VerifyRedirect: {
		Verify, "redirect", Fail, Target, Content, Curl, stays,
		"the reply redirects elsewhere instead of answering",
		"the endpoint moved, or a portal stands in front of it",
	},
	VerifyCharset: {
		Verify, "charset", Degraded, Target, Content, Curl, stays,
		"Content-Type or the XML declaration names another charset than UTF-8",
		"clients that believe the label read garbage",
	},
	VerifyBOM: {
		Verify, "bom", Degraded, Target, Content, RawBytes, stays,
		"the body starts with a byte order mark, which RFC 8259 forbids in JSON",
		"many parsers refuse it",
	},
	VerifyInvalidUTF8: {
		Verify, "invalid_utf8", Fail, Target, Content, RawBytes, stays,
		"the body is not valid UTF-8, or holds an escaped lone surrogate",
		"text is damaged or sent in another charset",
	},
	VerifyMangledText: {
		Verify, "mangled_text", Fail, Target, Content, ProberItself, stays,
		"text that was sent as UTF-8 came back changed",
		"a hop decodes or encodes in another charset; the detail gives the first differing byte",
	},
	VerifyNotAPI: {
		Verify, "not_api", Fail, Middlebox, Content, Curl, stays,
		"something that is not the API answered: an HTML page, a portal, a block page or other text",
		"a proxy, a web application firewall or a wrong virtual host answers in the API's place",
	},
	VerifyWrongShape: {
		Verify, "wrong_shape", Fail, Target, Content, Curl, stays,
		"the reply is well formed but not the documented shape of this API family",
		"another product's API answers, or the documented error shape changed",
	},
	VerifyServerError: {
		Verify, "server_error", Fail, Target, Content, Curl, stays,
		"the API answered with a 5xx status or an internal error code",
		"the service behind the endpoint fails",
	},
	VerifyBadStatus: {
		Verify, "bad_status", Fail, Target, Content, Curl, stays,
		"the status is not one that means health for this endpoint",
		"see the detail; for a plain URL 2xx and 3xx are healthy",
	},
	VerifyRequestID: {
		Verify, "request_id_mismatch", Degraded, Target, Content, Curl, stays,
		"the request id in the header is not the one in the body",
		"traces of this request cannot be joined; a cache or proxy mixes replies",
	},
	VerifyPlainHTTPServed: {
		Verify, "plain_http_served", Fail, Target, Content, Curl, stays,
		"the API processes requests over plain HTTP although its documents say HTTPS only",
		"requests and credentials can be read on the way; close the port or refuse with NeedSsl",
	},

	ProberResolverUnavailable: {
		Prober, "resolver_unavailable", Unknown, Self, Ours, Dig, stays,
		"no configured resolver can be used: it refuses everything, or is silent to a control question too",
		"look at --resolver or resolv.conf and at the way to the resolver",
	},
	ProberAddressRefused: {
		Prober, "address_refused", Unknown, Self, Ours, NoTool, stays,
		"the address named on the command line is one that the prober does not dial",
		"--allow-private permits private and loopback addresses",
	},
	ProberPrivateNetwork: {
		Prober, "private_network", Unknown, Self, Ours, Dig, stays,
		"the endpoint is on the provider's private network and this prober is outside",
		"run the prober inside and say so with --inside REGION",
	},
	ProberVantageNoIPv6: {
		Prober, "vantage_no_ipv6", Unknown, Self, Ours, Ping, stays,
		"the address is IPv6 and this machine has no IPv6 route",
		"probe from a machine with IPv6, or restrict to --family 4",
	},
	ProberVantageNoIPv4: {
		Prober, "vantage_no_ipv4", Unknown, Self, Ours, Ping, stays,
		"the address is IPv4 and this machine has no IPv4 route",
		"probe from a machine with IPv4, or restrict to --family 6",
	},
	ProberVantageOffline: {
		Prober, "vantage_offline", Unknown, Self, Ours, Ping, stays,
		"every endpoint failed at once in the same way: the prober's own network is the likely cause",
		"look at the prober's own network first",
	},
	ProberFDExhausted: {
		Prober, "fd_exhausted", Unknown, Self, Ours, NoTool, stays,
		"the prober's process or machine has no file descriptors left",
		"raise the limit (LimitNOFILE) or lower --concurrency",
	},
	ProberPortsExhausted: {
		Prober, "ports_exhausted", Unknown, Self, Ours, NoTool, stays,
		"the machine has no local port or address left for a new connection",
		"lower the probe rate or widen the local port range",
	},
	ProberRateLimited: {
		Prober, "rate_limited", Unknown, Self, Ours, NoTool, stays,
		"the API throttles this prober",
		"lower the probe rate; throttling is no failure of the endpoint",
	},
	ProberCredentials: {
		Prober, "credentials", Unknown, Self, Ours, NoTool, stays,
		"the API refuses the prober's credentials: unknown, disabled, expired or without permission",
		"renew the key, or grant what docs/credentials.md lists",
	},
	ProberClock: {
		Prober, "clock", Unknown, Self, Ours, NoTool, stays,
		"the API says that the request's time stamp is too far from its own clock",
		"set the prober's clock (NTP)",
	},
	ProberCanceled: {
		Prober, "canceled", Unknown, Self, Ours, NoTool, stays,
		"the probe was cut short because the prober is stopping",
		"none; the probe does not count",
	},
	ProberInternal: {
		Prober, "internal", Unknown, Self, Ours, NoTool, stays,
		"the prober failed by itself; the detail says how",
		"report it as a defect of the prober",
	},
}
