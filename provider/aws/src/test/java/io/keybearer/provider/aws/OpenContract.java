package io.keybearer.provider.aws;

import io.keybearer.provider.http.AllowedAddresses;
import io.keybearer.provider.http.TlsSettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** The contract of services that are opened anew for each test. */
@Timeout(60)
abstract class OpenContract implements ReadContract {

  private @Nullable AwsTarget target;
  private @Nullable AwsNode node;

  /** The services to prove. */
  abstract AwsTarget open();

  /** What an administrator sets who names them. */
  static AwsSettings settings(AwsTarget target) {
    return new AwsSettings(
        "",
        "node-1",
        AwsEndpoints.usual().withAll(target.endpoint()),
        TlsSettings.usual(),
        AwsSettings.Agent.ofNode(Duration.ZERO),
        AllowedAddresses.any(),
        "keybearer-test");
  }

  @BeforeEach
  void begin() {
    AwsTarget opened = open();
    target = opened;
    node = AwsNode.of(opened.tokens(), settings(opened)).annotate("shop", "web", opened.role());
  }

  @AfterEach
  void end() {
    node().close();
    aws().close();
  }

  @Override
  public AwsTarget aws() {
    return begun(target);
  }

  @Override
  public AwsNode node() {
    return begun(node);
  }

  private static <T> T begun(@Nullable T made) {
    if (made == null) {
      throw new IllegalStateException("no test has begun");
    }
    return made;
  }
}
