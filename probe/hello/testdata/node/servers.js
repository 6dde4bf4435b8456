// TLS servers of Node.js on free loopback ports, for the tests of probe/hello.
//
// Arguments: a PEM certificate, a PEM key, and for each server its options for
// tls.createServer as JSON; "sni": true makes its SNICallback fail for every name, and
// "plain": true makes it an HTTP server without TLS. It prints the ports, one a line, and ends
// with its standard input.
'use strict';
const fs = require('fs');
const http = require('http');
const tls = require('tls');

const [certificate, key, ...servers] = process.argv.slice(2);
const ports = servers.map((text) => new Promise((resolve) => {
  const { sni, plain, ...options } = JSON.parse(text);
  options.cert = fs.readFileSync(certificate);
  options.key = fs.readFileSync(key);
  if (sni) options.SNICallback = (name, done) => done(new Error('no certificate for this name'));
  const server = plain ? http.createServer() : tls.createServer(options);
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1', () => resolve(server.address().port));
}));
Promise.all(ports).then((list) => console.log(list.join('\n')));
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
