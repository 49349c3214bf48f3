package io.keybearer.provider.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.Freshness;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.NodeFacts;
import io.keybearer.provider.PodIdentity;
import io.keybearer.provider.http.AllowedAddresses;
import io.keybearer.provider.http.TlsSettings;
import io.keybearer.provider.text.YamlNode;
import io.keybearer.provider.text.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The store's page has the headings of every store, a row for each parameter, and samples. */
final class AwsPageTest {

  private static final Path PAGE =
      Path.of(System.getProperty("basedir", ""), "../../src/site/markdown/aws.md");
  private static final Pattern ROW =
      Pattern.compile("^\\| `([\\w.\\[\\]]+)` \\|", Pattern.MULTILINE);
  private static final Pattern HEADING = Pattern.compile("^## (.+)$", Pattern.MULTILINE);

  /** A block of a SecretProviderClass, to the next line that is not indented. */
  private static final Pattern SAMPLE =
      Pattern.compile("^    apiVersion: secrets-store\\..*\\n(?: {4}.*\\n)+", Pattern.MULTILINE);

  private static final AwsPlanner PLANNER =
      new AwsPlanner(
          new AwsSettings(
              "",
              "",
              AwsEndpoints.usual(),
              TlsSettings.usual(),
              AwsSettings.Agent.ofNode(Duration.ZERO),
              AllowedAddresses.any(),
              "keybearer-test"));

  @Test
  void hasARowForEveryParameterAndNoOther() throws IOException {
    String page = Files.readString(PAGE);
    String parameters =
        page.substring(page.indexOf("## Parameters"), page.indexOf("### Names and versions"));
    assertThat(ROW.matcher(parameters).results().map(row -> row.group(1)))
        .containsExactlyInAnyOrderElementsOf(AwsPlanner.PARAMETERS);
  }

  @Test
  void namesTheParametersOfEveryStore() throws IOException {
    String page = Files.readString(PAGE);
    assertThat(Freshness.PARAMETERS)
        .allSatisfy(name -> assertThat(page).contains("`" + name + "`"));
  }

  @Test
  void hasTheHeadingsOfEveryStore() throws IOException {
    assertThat(
            HEADING
                .matcher(Files.readString(PAGE))
                .results()
                .map(row -> row.group(1))
                .collect(Collectors.toList()))
        .containsExactly(
            "Parameters",
            "Identity and permissions",
            "Sample",
            "Failures",
            "Differences from the official provider");
  }

  @Test
  void hasSamplesThatArePlanned() throws IOException, MountFailure {
    List<String> samples =
        SAMPLE.matcher(Files.readString(PAGE)).results().map(MatchResult::group).toList();
    assertThat(samples).hasSize(3);
    for (String sample : samples) {
      assertThat(PLANNER.plan(request(sample), node()).warnings()).isEmpty();
    }
  }

  private static NodeFacts node() {
    return new NodeFacts("", 1_000, Freshness.Limits.usual());
  }

  private static MountRequest request(String sample) throws MountFailure {
    YamlNode.Mapping manifest =
        YamlReader.read("sample", sample.indent(-4)).requireMapping("a manifest");
    Map<String, String> parameters = new HashMap<>();
    YamlNode.Mapping written = inside(inside(manifest, "spec"), "parameters");
    for (String name : written.entries().keySet()) {
      parameters.put(name, written.text(name));
    }
    return new MountRequest(
        new PodIdentity("prod", "orders-0", "uid-1", "orders"),
        "orders",
        "/target",
        0644,
        parameters);
  }

  private static YamlNode.Mapping inside(YamlNode.Mapping mapping, String name)
      throws MountFailure {
    return Objects.requireNonNull(mapping.entries().get(name), name).requireMapping(name);
  }
}
