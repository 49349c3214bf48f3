package io.keybearer.provider.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class InFlightBytesTest {

  private final InFlightBytes bytes = new InFlightBytes(100);

  @Test
  void countsUpToTheBound() throws MountFailure {
    InFlightBytes.Account one = bytes.open(() -> {});
    InFlightBytes.Account other = bytes.open(() -> {});

    one.add(60);
    other.add(40);

    assertThat(bytes.total()).isEqualTo(100);
    one.requireRoom();
    other.requireRoom();
  }

  @Test
  @DisplayName("rule 18: when full, the mount that holds most fails and the others live")
  void theLargestMakesRoomAndTheOthersLive() throws MountFailure {
    InFlightBytes.Account small = bytes.open(() -> {});
    InFlightBytes.Account large = bytes.open(() -> {});
    InFlightBytes.Account newcomer = bytes.open(() -> {});
    small.add(20);
    large.add(60);

    newcomer.add(30);

    assertThat(bytes.total()).isEqualTo(50);
    assertBusy(large::requireRoom);
    small.requireRoom();
    newcomer.requireRoom();
  }

  @Test
  void theOneThatAsksMakesRoomIfItIsTheLargest() throws MountFailure {
    InFlightBytes.Account small = bytes.open(() -> {});
    InFlightBytes.Account large = bytes.open(() -> {});
    small.add(40);
    large.add(50);

    assertBusy(() -> large.add(11));

    assertThat(bytes.total()).isEqualTo(40);
    small.requireRoom();
  }

  @Test
  void severalMakeRoomForOneThatIsLargerThanEach() throws MountFailure {
    InFlightBytes.Account one = bytes.open(() -> {});
    InFlightBytes.Account other = bytes.open(() -> {});
    one.add(50);
    other.add(50);

    assertBusy(() -> one.add(1_000_000));

    assertThat(bytes.total()).isEqualTo(50);
    other.requireRoom();
  }

  @Test
  void whoMadeRoomCountsNothingMore() throws MountFailure {
    InFlightBytes.Account large = bytes.open(() -> {});
    InFlightBytes.Account other = bytes.open(() -> {});
    assertBusy(() -> large.add(101));

    assertBusy(() -> large.add(5));
    other.add(100);

    assertThat(bytes.total()).isEqualTo(100);
    other.requireRoom();
  }

  @Test
  void closeGivesBack() throws MountFailure {
    InFlightBytes.Account account = bytes.open(() -> {});
    InFlightBytes.Account other = bytes.open(() -> {});
    account.add(60);
    other.add(40);

    account.close();
    account.close();

    assertThat(bytes.total()).isEqualTo(40);
    bytes.open(() -> {}).add(60);
    other.requireRoom();
  }

  @Test
  void closeOfWhoMadeRoomGivesBackNothingTwice() throws MountFailure {
    InFlightBytes.Account other = bytes.open(() -> {});
    other.add(40);
    InFlightBytes.Account large = bytes.open(() -> {});
    assertBusy(() -> large.add(61));

    large.close();

    assertThat(bytes.total()).isEqualTo(40);
  }

  /** A read that hangs past its mount's deadline may still deliver: nobody would give it back. */
  @Test
  void aClosedAccountCountsNothing() throws MountFailure {
    InFlightBytes.Account late = bytes.open(() -> {});
    InFlightBytes.Account other = bytes.open(() -> {});
    other.add(40);
    late.close();

    late.add(1000);

    assertThat(bytes.total()).isEqualTo(40);
    assertThatCode(other::requireRoom).doesNotThrowAnyException();
  }

  @Property
  void holdsNoMoreThanTheBoundAndNothingInTheEnd(
      @ForAll List<@IntRange(min = 0, max = 399) Integer> steps) {
    List<InFlightBytes.Account> accounts = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      accounts.add(bytes.open(() -> {}));
    }
    for (int step : steps) {
      InFlightBytes.Account account = accounts.get(step % 4);
      if (step % 7 == 0) {
        account.close();
      } else {
        assertThatCode(() -> addOrMakeRoom(account, step / 4)).doesNotThrowAnyException();
      }
      assertThat(bytes.total()).isBetween(0L, 100L);
    }

    accounts.forEach(InFlightBytes.Account::close);

    assertThat(bytes.total()).isZero();
  }

  private static void addOrMakeRoom(InFlightBytes.Account account, long more) {
    try {
      account.add(more);
    } catch (MountFailure failure) {
      assertThat(failure.reason()).isEqualTo(Reason.BUSY);
    }
  }

  private static void assertBusy(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            MountFailure.class, failure -> assertThat(failure.reason()).isEqualTo(Reason.BUSY))
        .hasMessage(
            "busy: the mounts of this node hold more than 100 bytes, this one the most; kubelet tries"
                + " again; split this SecretProviderClass, or raise --in-flight-bytes");
  }
}
