package io.keybearer.daemonset.leases;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import io.keybearer.provider.reader.KeptMount;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class LeaseJsonTest {

  private static String json() {
    return new String(LeaseJson.write(Records.record(3)), UTF_8);
  }

  @Example
  void readsWhatItWrote() throws Exception {
    KeptMount record = Records.record(3).revision(42);

    assertThat(LeaseJson.read(LeaseJson.write(record))).isEqualTo(record);
  }

  @Example
  void refusesAnotherFormat() {
    assertRefused(
        json().replace("\"format\":1", "\"format\":2"),
        "a lease record: it has another format than 1");
    assertRefused("{}", "a lease record: it has another format than 1");
  }

  @Example
  void refusesWhatMakesNoSenseAndQuotesNoSecret() {
    String problem = "a lease record: a field has no sense";

    assertRefused(
        json().replace("\"longestPause\":\"PT1M15S\"", "\"longestPause\":\"x\""), problem);
    assertRefused(
        json().replace("\"longestPause\":\"PT1M15S\"", "\"longestPause\":\"-PT1S\""), problem);
    assertRefused(
        json().replace("\"longestPause\":\"PT1M15S\"", "\"longestPause\":\"PT9999999H\""), problem);
    assertRefused(json().replace("\"republishes\":3", "\"republishes\":99999999999"), problem);
    assertRefused(json().replaceAll("\"ends\":\"[^\"]*\"", "\"ends\":\"noon\""), problem);
    assertRefused(json().replaceAll("\"state\":\"", "\"state\":\"hunter2!"), problem);
    assertRefused(json().replaceAll("\"items\":\\[.*?\\]", "\"items\":[]"), problem);
    assertRefused("hunter2", "a lease record: not valid JSON");
  }

  private static void assertRefused(String text, String message) {
    assertThatThrownBy(() -> LeaseJson.read(text.getBytes(UTF_8)))
        .isInstanceOfSatisfying(
            MountFailure.class,
            failure -> assertThat(failure.reason()).isEqualTo(Reason.INVALID_PARAMETERS))
        .hasMessage(message);
  }

  @Property
  void anyBytesAreReadOrRefused(@ForAll byte[] bytes) {
    readOrRefuse(bytes);
  }

  @Property
  void aRecordWithOneOtherByteIsReadOrRefused(
      @ForAll @IntRange(max = 5_000) int place, @ForAll byte other) {
    byte[] bytes = LeaseJson.write(Records.record(3));
    bytes[place % bytes.length] = other;
    readOrRefuse(bytes);
  }

  private static void readOrRefuse(byte[] bytes) {
    try {
      assertThat(LeaseJson.read(bytes).sessions()).isNotNull();
    } catch (MountFailure failure) {
      assertThat(failure.reason()).isEqualTo(Reason.INVALID_PARAMETERS);
    }
  }
}
