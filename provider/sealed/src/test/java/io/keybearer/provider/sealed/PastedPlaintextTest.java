package io.keybearer.provider.sealed;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keybearer.provider.Freshness;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountPlan;
import io.keybearer.provider.NodeFacts;
import io.keybearer.provider.Reason;
import java.nio.file.Path;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody pastes where a sealed value belongs stands in no message. */
class PastedPlaintextTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "- path: a\n  data: CANARY-hunter2\n",
        "- path: a\n  data: CANARYhunter2000\n",
        "- path: a\n  data: 'CANARY: [hunter2'\n",
        "- path: a\n  data: |\n    CANARY\n    hunter2\n",
        "- path: a\n  data: [CANARY]\n",
        "- path: a\n  data: {CANARY: hunter2}\n",
        "- path: a\n  data: 'CANARY\n",
        "- path: a\n  data: \"CANARY\\q\"\n",
        "- path: a\n  data: CANARY: hunter2\n",
        "- path: a\n  data: *CANARY\n",
        "- CANARY\n",
        "CANARY",
        "CANARY: hunter2"
      })
  void quotesNoPlaintextThatWasPasted(String objects) {
    assertThatThrownBy(() -> plan(objects))
        .isInstanceOf(MountFailure.class)
        .hasMessageNotContainingAny("CANARY", "hunter2")
        .hasNoCause();
  }

  @Property
  void quotesNoDataWhateverItIs(@ForAll String data) {
    // Single quotes are YAML's only escape in a single-quoted scalar.
    String marked = "CANARY" + data.replace("'", "''") + "CANARY";
    assertThatThrownBy(() -> plan("- {path: a, data: '" + marked + "'}"))
        .isInstanceOf(MountFailure.class)
        .hasMessageNotContaining("CANARY")
        .extracting(failure -> ((MountFailure) failure).reason())
        .isEqualTo(Reason.INVALID_PARAMETERS);
  }

  private static MountPlan plan(String objects) throws MountFailure {
    return new SealedPlanner(new SealedSettings(Path.of("absent"), false, false))
        .plan(
            Requests.of("prod", "orders-db", Map.of("objects", objects)),
            new NodeFacts("node-1", 3, Freshness.Limits.usual()));
  }
}
