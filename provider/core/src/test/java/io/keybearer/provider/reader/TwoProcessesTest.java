package io.keybearer.provider.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.keybearer.provider.Reason;
import io.keybearer.provider.StoreScript;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Two processes serve one node, as in an upgrade. */
class TwoProcessesTest extends NodeScene {

  private final OneProcess old = starts();

  @Test
  @DisplayName("two processes that serve one volume log in once and mint once")
  void mintOnce() {
    old.pod("p").reads(own("a"));
    OneProcess next = replaces(old);

    assertThat(next.pod("p").reads(own("a")).version("a")).isEqualTo("minted 1");
    assertThat(old.pod("p").reads(own("a")).version("a")).isEqualTo("minted 1");
    assertThat(store.opened()).hasSize(1);
    assertThat(store.requests()).hasSize(1);
  }

  @Test
  @DisplayName("what the other one has minted meanwhile is taken, not minted again")
  void takesWhatTheOtherHasMinted() {
    old.pod("p").reads(own("a"));
    OneProcess next = replaces(old);
    next.pod("p").under("edited").reads(own("a"), own("b"));

    Asked late = old.pod("p").under("edited").reads(own("a"), own("b"));

    assertThat(late.version("b")).isEqualTo("minted 2");
    assertThat(store.requests()).hasSize(2);
  }

  @Test
  @DisplayName("who asks while the other one mints does not mint too")
  void doesNotMintBesideTheOther() {
    OneProcess next = replaces(old);
    Asked[] beside = new Asked[1];
    store.reading(
        (references, deadline, arrived) -> {
          if (beside[0] == null) {
            beside[0] = next.pod("p").reads(own("a"));
          }
          return minted(references);
        });
    old.pod("p").reads(own("a"));

    assertThat(beside[0].failure("a").reason()).isEqualTo(Reason.BUSY);
    assertThat(next.pod("p").reads(own("a")).version("a")).isEqualTo("minted 1");
    assertThat(store.opened()).hasSize(1);
  }

  @Test
  @DisplayName("a republish from memory sees what the other one has replaced")
  void seesWhatTheOtherHasReplaced() {
    old.pod("p").reads(own("a"));
    store.renewing(StoreScript.Renewing.all(Duration.ZERO));
    pass(405);
    OneProcess next = replaces(old);
    assertThat(next.pod("p").reads(own("a")).version("a")).isEqualTo("minted 2");

    assertThat(old.pod("p").reads(own("a")).version("a")).isEqualTo("minted 2");
    assertThat(store.requests()).hasSize(2);
  }

  @Test
  @DisplayName("only the owner of the sockets renews")
  void onlyTheOwnerRenews() {
    old.pod("p").reads(own("a"));
    replaces(old);
    pass(405);

    assertThat(store.renewed()).hasSize(1);
    pass(3_600);
    assertThat(store.renewed()).hasSizeBetween(9, 11);
    assertThat(old.pod("p").reads(own("a")).version("a")).isEqualTo("minted 1");
  }

  @Test
  @DisplayName("only the owner gives back")
  void onlyTheOwnerGivesBack() {
    old.pod("p").reads(own("a"));
    OneProcess next = replaces(old);

    old.reader().podEnded("uid of p");
    pass(300);
    assertThat(store.ended()).isEmpty();
    next.reader().podEnded("uid of p");

    assertThat(store.ended()).containsExactly("session 1");
  }

  @Test
  @DisplayName("the owner takes over what the other one mints after it")
  void takesOverWhatIsMintedAfterIt() {
    OneProcess next = replaces(old);
    old.pod("p").reads(own("a"));
    old.kill();
    pass(425);
    assertThat(store.renewed()).hasSize(1);

    next.reader().podEnded("uid of p");
    assertThat(store.ended()).containsExactly("session 1");
  }

  @Test
  @DisplayName("what the owner gave back is forgotten by the other one")
  void forgetsWhatTheOwnerGaveBack() {
    old.pod("p").reads(own("a"));
    OneProcess next = replaces(old);
    next.reader().podEnded("uid of p");

    assertThat(old.pod("p").reads(own("a")).version("a")).isEqualTo("minted 2");
    assertThat(store.readers()).containsExactly("session 1", "session 2");
  }

  @Test
  @DisplayName("what the other one replaced is given back by the owner, and not at once")
  void givesBackWhatTheOtherReplaced() {
    old.pod("p").reads(own("a"));
    store.renewing(
        minted -> {
          throw loggedOut();
        });
    OneProcess next = replaces(old);
    pass(405);
    next.owner(false);
    old.pod("p").reads(own("a"));
    next.owner(true);
    pass(120);
    assertThat(store.ended()).isEmpty();
    pass(90);

    assertThat(store.ended()).containsExactly("session 1");
    assertThat(keptValues("p")).containsExactly("minted 2");
  }

  @Test
  @DisplayName("a session that the store takes no longer is not gone on with")
  void doesNotGoOnWithADeadSession() {
    old.pod("p").reads(own("a"));
    OneProcess next = replaces(old);
    store.reading(
        (references, deadline, arrived) -> {
          if (store.readers().get(store.readers().size() - 1).equals("session 1")) {
            throw loggedOut();
          }
          return minted(references);
        });

    Asked more = next.pod("p").under("edited").reads(own("a"), own("b"));

    assertThat(more.version("b")).isEqualTo("minted 2");
    assertThat(store.readers()).containsExactly("session 1", "session 1", "session 2");
  }
}
