package io.keybearer.provider.aws;

import io.keybearer.provider.aws.fake.FakeAws;
import io.keybearer.provider.aws.fake.FakeRegion;
import io.keybearer.provider.aws.fake.FakeRole;
import io.keybearer.provider.fake.PodTokens;
import io.keybearer.provider.http.HttpAddress;
import io.keybearer.provider.mounting.Mounted;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** Mounts of the fake, with all that only it can do. */
@Timeout(60)
abstract class FakeMounts {

  static final String PRIMARY = "eu-west-1";
  static final String SECOND = "us-east-1";
  static final PodTokens.Pod POD = PodTokens.Pod.of("shop", "web");

  final FakeTarget target = new FakeTarget();
  final AwsNode node = node(OpenContract.settings(target));

  AwsNode node(AwsSettings settings) {
    return AwsNode.of(target.tokens(), settings).annotate("shop", "web", target.role());
  }

  @AfterEach
  void end() {
    node.close();
    target.close();
  }

  FakeAws aws() {
    return target.aws();
  }

  FakeRegion in(String region) {
    return aws().account(FakeTarget.ACCOUNT).region(region);
  }

  FakeRole role() {
    return aws().role(target.role());
  }

  /** Settings whose Pod Identity agent is the fake's. */
  AwsSettings settings(URI agent4, URI agent6) {
    AwsSettings usual = OpenContract.settings(target);
    return new AwsSettings(
        usual.region(),
        usual.node(),
        usual.endpoints(),
        usual.tls(),
        new AwsSettings.Agent(address(agent4), address(agent6), Duration.ofSeconds(2)),
        usual.allowedAddresses(),
        usual.application());
  }

  private static HttpAddress address(URI uri) {
    String host = uri.getHost().replaceAll("[\\[\\]]", "");
    return new HttpAddress(HttpAddress.Scheme.HTTP, host, uri.getPort(), "");
  }

  /** Mounts these objects, asking each time. */
  Mounted mount(String objects, String... more) {
    return mount(node, POD, objects, more);
  }

  static Mounted mount(AwsNode node, PodTokens.Pod pod, String objects, String... more) {
    Map<String, String> parameters = AwsNode.parameters(more);
    parameters.put("objects", objects);
    parameters.putIfAbsent("region", PRIMARY);
    parameters.putIfAbsent("refreshInterval", "0");
    return node.mount(pod, parameters);
  }
}
