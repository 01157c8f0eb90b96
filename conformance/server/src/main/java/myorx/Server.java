package myorx;

import ca.uhn.fhir.rest.server.RestfulServer;
import java.net.InetSocketAddress;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/**
 * A FHIR server of HAPI (JPA, R4), empty, on the port given, of this machine only. It listens once
 * it is ready, and ends when its standard input does.
 */
public final class Server {
  private Server() {}

  public static void main(String[] port) throws Exception {
    AnnotationConfigApplicationContext beans = new AnnotationConfigApplicationContext(Config.class);
    org.eclipse.jetty.server.Server web =
        new org.eclipse.jetty.server.Server(new InetSocketAddress("127.0.0.1", Integer.parseInt(port[0])));
    ServletContextHandler pages = new ServletContextHandler();
    pages.addServlet(new ServletHolder(beans.getBean(RestfulServer.class)), "/fhir/*");
    web.setHandler(pages);
    web.start();
    while (System.in.read() >= 0) {}
    // Its pools have threads that would stay.
    System.exit(0);
  }
}
