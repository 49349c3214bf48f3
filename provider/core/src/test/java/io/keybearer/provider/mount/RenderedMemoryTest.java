package io.keybearer.provider.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.ObjectVersion;
import io.keybearer.provider.Reason;
import io.keybearer.provider.Rendering;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.SecretFile;
import io.keybearer.provider.SecretValue;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class RenderedMemoryTest {

  private final RenderedMemory memory = new RenderedMemory();
  private final AtomicInteger made = new AtomicInteger();
  private final SecretValue value = value(10);

  private static SecretValue value(int bytes) {
    return SecretValue.of("a", "1", SecretBytes.copyOf(new byte[bytes]));
  }

  /** A rendering that depends on that, or that nobody should keep. */
  private Rendering rendering(Optional<Object> settings) {
    return new Rendering() {
      @Override
      public Rendered render(SecretValue of) throws MountFailure {
        if (made.incrementAndGet() < 0) {
          throw MountFailure.of(Reason.NOT_FOUND, "no such key");
        }
        return new Rendered(
            List.of(new SecretFile("a", 0644, of.items().get(0).bytes())),
            List.of(new ObjectVersion("a", "1")));
      }

      @Override
      public Optional<Object> settings() {
        return settings;
      }
    };
  }

  private Rendering rendering(Object settings) {
    return rendering(Optional.of(settings));
  }

  @Test
  void makesOnceWhatEqualRenderingsMakeOfAValue() throws MountFailure {
    Rendering.Rendered first = memory.of(rendering("x"), value);
    assertThat(memory.of(rendering("x"), value)).isSameAs(first);
    assertThat(made).hasValue(1);
  }

  @Test
  void makesAnewForAnotherValueEvenIfItIsEqual() throws MountFailure {
    memory.of(rendering("x"), value);
    memory.of(rendering("x"), value(10));
    assertThat(made).hasValue(2);
  }

  @Test
  void makesAnewWhatDependsOnSomethingElse() throws MountFailure {
    memory.of(rendering("x"), value);
    memory.of(rendering("y"), value);
    assertThat(made).hasValue(2);
  }

  @Test
  void keepsNothingOfARenderingThatIsQuick() throws MountFailure {
    memory.of(rendering(Optional.empty()), value);
    memory.of(rendering(Optional.empty()), value);
    assertThat(made).hasValue(2);
  }

  @Test
  void keepsNoLargeFiles() throws MountFailure {
    SecretValue large = value(2_000);
    memory.of(rendering("x"), large);
    memory.of(rendering("x"), large);
    assertThat(made).hasValue(2);
  }

  @Test
  void keepsAFewOfEachValue() throws MountFailure {
    for (int i = 0; i < 6; i++) {
      memory.of(rendering(i), value);
    }
    memory.of(rendering(0), value);
    assertThat(made).hasValue(6);
    memory.of(rendering(5), value);
    assertThat(made).hasValue(7);
  }

  @Test
  void keepsNoFailure() throws MountFailure {
    made.set(-10);
    assertThatThrownBy(() -> memory.of(rendering("x"), value)).hasMessage("no such key");
    made.set(0);
    memory.of(rendering("x"), value);
    assertThat(made).hasValue(1);
  }
}
