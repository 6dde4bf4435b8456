import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.Security;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/**
 * TLS servers of the JDK on free loopback ports, for the tests of probe/hello.
 *
 * <p>Arguments: a PEM certificate, a PEM key (PKCS#8, RSA), and for each server the protocols to
 * enable, separated by commas. "+auth" at the end demands a client certificate, "+sni" accepts
 * the name sni.example.com alone. It prints the ports, one a line, and ends with its standard
 * input.
 */
class Servers {
  public static void main(String[] args) throws Exception {
    // SSLv3 and TLS 1.0 and 1.1 are off by policy; here they are wanted.
    Security.setProperty("jdk.tls.disabledAlgorithms", "");
    Security.setProperty("jdk.tls.legacyAlgorithms", "");

    SSLContext context = context(Path.of(args[0]), Path.of(args[1]));
    for (int i = 2; i < args.length; i++) {
      SSLServerSocket socket =
          (SSLServerSocket)
              context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
      String[] words = args[i].split("\\+");
      socket.setEnabledProtocols(words[0].split(","));
      socket.setEnabledCipherSuites(socket.getSupportedCipherSuites());
      for (int j = 1; j < words.length; j++) {
        if (words[j].equals("auth")) {
          socket.setNeedClientAuth(true);
        } else {
          SSLParameters parameters = socket.getSSLParameters();
          parameters.setSNIMatchers(List.of(SNIHostName.createSNIMatcher("sni\\.example\\.com")));
          socket.setSSLParameters(parameters);
        }
      }
      serve(socket);
      System.out.println(socket.getLocalPort());
    }
    System.out.flush();
    System.in.transferTo(java.io.OutputStream.nullOutputStream());
    System.exit(0);
  }

  static void serve(ServerSocket server) {
    daemon(
        () -> {
          while (true) {
            SSLSocket socket = (SSLSocket) server.accept();
            daemon(
                () -> {
                  try (socket) {
                    socket.startHandshake();
                  }
                });
          }
        });
  }

  interface Task {
    void run() throws Exception;
  }

  static void daemon(Task task) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (Exception e) {
                // A handshake that fails is what most of the tests are about.
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  static SSLContext context(Path certificate, Path key) throws Exception {
    Certificate parsed;
    try (InputStream in = Files.newInputStream(certificate)) {
      parsed = CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
    String pem = Files.readString(key).replaceAll("-----[A-Z ]+-----|\\s", "");
    var spec = new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem));
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "server", KeyFactory.getInstance("RSA").generatePrivate(spec), new char[0], new Certificate[] {parsed});
    KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
    keys.init(store, new char[0]);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }
}
