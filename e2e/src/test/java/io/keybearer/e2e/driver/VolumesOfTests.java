package io.keybearer.e2e.driver;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Chooses the volumes that tests run on by the property {@code keybearer.e2e.volumes}: {@code
 * tmpfs} demands the real one, {@code folder} the stand-in, anything else takes what this process
 * may. One line at the end says which it was.
 */
public final class VolumesOfTests implements BeforeAllCallback {
  private record ClosingLine(String kind) implements AutoCloseable {
    @Override
    public void close() {
      System.out.println(
          kind.equals("tmpfs")
              ? "e2e: volumes were a real tmpfs"
              : "e2e: volumes were plain folders that act as a tmpfs; mvn -Ptmpfs verify demands the real one");
    }
  }

  /** Those that the property asks for. */
  public static VolumeMounts open() {
    return switch (System.getProperty("keybearer.e2e.volumes", "any")) {
      case "tmpfs" -> VolumeMounts.tmpfs();
      case "folder" -> VolumeMounts.folder();
      default -> VolumeMounts.detect();
    };
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    context
        .getRoot()
        .getStore(Namespace.create(VolumesOfTests.class))
        .computeIfAbsent(ClosingLine.class, key -> new ClosingLine(kind()));
  }

  private static String kind() {
    try (VolumeMounts mounts = open()) {
      return mounts.kind();
    }
  }
}
