package io.keybearer.provider.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedAddressesTest {

  private static HttpAddress address(String text) throws MountFailure {
    return HttpAddress.parse(text);
  }

  @ParameterizedTest
  @CsvSource({
    "https://a.test, https://a.test, true",
    "https://a.test, https://A.test:443/path, true",
    "https://a.test/path, https://a.test, true",
    "https://a.test, http://a.test, false",
    "https://a.test, https://a.test:8200, false",
    "https://a.test, https://b.a.test, false",
    "https://*.a.test, https://b.a.test, true",
    "https://*.a.test, https://c.b.a.test, true",
    "https://*.a.test, https://a.test, false",
    "https://*.a.test, https://xa.test, false",
    "https://*.a.test, https://b.a.test.evil.test, false",
    "https://*.a.test:8200, https://b.a.test:8200, true",
    "https://*.a.test:8200, https://b.a.test, false",
    "'https://[fd00::1]', 'https://[FD00::1]', true",
    "https://10.0.0.1, https://10.0.0.1, true",
    "unix:///a, unix:///a, true",
    "unix:///a, unix:///a/b, false",
    "unix:///a, https://a, false",
  })
  void listsWhatIsNamed(String entry, String text, boolean lists) throws MountFailure {
    AllowedAddresses allowed = AllowedAddresses.parse(List.of("https://something.else", entry));

    assertThat(allowed.lists(address(text))).isEqualTo(lists);
    if (lists) {
      assertThatCode(() -> allowed.require(address(text))).doesNotThrowAnyException();
    } else {
      assertThatThrownBy(() -> allowed.require(address(text)))
          .isInstanceOf(MountFailure.class)
          .hasMessage(
              "address \"%s\" is not allowed on this node; use one that is, or ask the administrator to list it"
                  .formatted(address(text)))
          .extracting(failure -> ((MountFailure) failure).reason())
          .isEqualTo(Reason.ACCESS_DENIED);
    }
  }

  @Test
  void anyAllowsAllAndListsNone() throws MountFailure {
    AllowedAddresses any = AllowedAddresses.any();

    assertThatCode(() -> any.require(address("https://a.test"))).doesNotThrowAnyException();
    assertThat(any.lists(address("https://a.test"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "*", "https://*", "https://*.", "*.a.test", "https://a.*.test"})
  void refusesAnEntryThatIsNoAddress(String entry) {
    assertThatThrownBy(() -> AllowedAddresses.parse(List.of(entry)))
        .isInstanceOf(MountFailure.class)
        .extracting(failure -> ((MountFailure) failure).reason())
        .isEqualTo(Reason.INVALID_PARAMETERS);
  }

  @Test
  void equalsAListOfTheSame() throws MountFailure {
    AllowedAddresses listed = AllowedAddresses.parse(List.of("https://a.test", "https://*.b.test"));

    assertThat(AllowedAddresses.parse(List.of("https://A.test:443", "https://*.b.test")))
        .isEqualTo(listed)
        .hasSameHashCodeAs(listed);
    assertThat(AllowedAddresses.any())
        .isEqualTo(AllowedAddresses.parse(List.of()))
        .isNotEqualTo(listed);
  }
}
