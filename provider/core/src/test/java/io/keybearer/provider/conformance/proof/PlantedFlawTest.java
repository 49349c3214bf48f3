package io.keybearer.provider.conformance.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.keybearer.provider.conformance.LoginConformance;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** A check counts once it was seen red: the suite finds each flaw that is planted. */
@Timeout(120)
class PlantedFlawTest {

  private static final String FLAWS =
      """
      PLANS_WITH_A_CALL,         planningAsksThePeerNothing
      PLANS_BY_COUNT,            equalRequestsHaveEqualPlans
      CHOKES_ON_JUNK,            anyParametersPlanOrFail
      DECLARES_IMMUTABLE,        referencesAreWhatTheCaseSays
      DECLARES_IMMUTABLE,        aChangeIsSeenAfterTheInterval
      COMPARES_BY_IDENTITY,      equalRequestsHaveEqualPlans
      COMPARES_BY_IDENTITY,      equalReferencesAreAlikeAndOthersAreNot
      COMPARES_BY_IDENTITY,      podsOfOneIdentityShareALoginAndWhatMayBeShared
      COMPARES_BY_IDENTITY,      podsOfOneIdentityMakeTheCallsOfOne
      COMPARES_BY_IDENTITY,      aRepublishInsideTheIntervalAsksNothing
      COMPARES_BY_IDENTITY,      aRepublishInsideTheIntervalMakesNoCall
      LOGS_IN_AGAIN,             aFirstMountMakesTheStatedCalls
      LOGS_IN_FOR_EACH_OBJECT,   aFirstMountLogsInOnceAndAsksForEachReferenceOnce
      READS_ONE_BY_ONE,          aFirstMountMakesTheStatedCalls
      IGNORES_INTERRUPTION,      aReadIsGivenUpWhenTheLastWaiterLeaves
      IGNORES_INTERRUPTION,      aReadEndsWhenItIsInterrupted
      IGNORES_INTERRUPTION,      aLoginEndsWhenItIsInterrupted
      IGNORES_DEADLINES,         aReadFailsByItsDeadline
      IGNORES_DEADLINES,         aLoginFailsByItsDeadline
      FORGETS_THE_NAMESPACE,     identitiesHaveSessionsOfTheirOwn
      FORGETS_THE_ROLE,          rolesHaveSessionsOfTheirOwn
      SHARES_A_SESSION,          credentialsOfOneIdentityNeverServeAnother
      SHARES_A_SESSION,          aForbiddenIdentityGetsNothingOfAnothers
      KEEPS_VALUES,              whatWasDeniedDoesNotComeBackInALaterOutage
      TAKES_DENIALS_FOR_OUTAGES, whatWasDeniedDoesNotComeBackInALaterOutage
      TAKES_DENIALS_FOR_OUTAGES, aLoginThatIsRefusedSaysSo
      TAKES_DENIALS_FOR_OUTAGES, aRefusedLoginTakesAwayWhatWasRead
      TAKES_OUTAGES_FOR_DENIALS, anOutageAloneTakesNothingAwayThatIsShared
      TELLS_THE_WRONG_FAULT,     aReadThatMeetsTroubleIsSentOnceAndTellsTheFault
      TELLS_THE_WRONG_FAULT,     aLoginThatMeetsTroubleIsSentOnceAndTellsTheFault
      FORGETS_RETRY_AFTER,       aReadThatMeetsTroubleIsSentOnceAndTellsTheFault
      TRIES_AGAIN,               aReadThatMeetsTroubleIsSentOnceAndTellsTheFault
      TRIES_AGAIN,               aLoginThatMeetsTroubleIsSentOnceAndTellsTheFault
      PRINTS_ITS_TOKEN,          printsNoSecret
      QUOTES_THE_ANSWER,         aReadThatMeetsTroubleIsSentOnceAndTellsTheFault
      QUOTES_THE_ANSWER,         aLoginThatIsRefusedSaysSo
      QUOTES_THE_ANSWER,         whatWasDeniedDoesNotComeBackInALaterOutage
      READS_ON_WITHOUT_ROOM,     aValueThatNobodyMayHoldEndsTheRead
      TELLS_NO_BYTES,            tellsAllBytesBeforeItReturnsThem
      """;

  @AfterEach
  void takeTheFlawOut() {
    System.clearProperty(FlawedStore.FLAW);
  }

  @ParameterizedTest
  @CsvSource(textBlock = FLAWS)
  void isFoundBy(Flaw flaw, String check) {
    System.setProperty(FlawedStore.FLAW, flaw.name());
    assertThat(failed(FlawedStore.class, check)).contains(check);
  }

  /** The table above is whole. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void everyFlawIsLookedFor(Flaw flaw) {
    assertThat(FLAWS.lines()).anyMatch(line -> line.startsWith(flaw + ","));
  }

  /** The table above is whole in the other column too; what is left out has a test of its own. */
  @Test
  void everyCheckIsSeenRed() {
    List<String> checks =
        Stream.of(LoginConformance.class.getMethods())
            .filter(method -> method.isDefault() && method.getReturnType() == void.class)
            .map(Method::getName)
            .toList();
    assertThat(checks).hasSizeGreaterThan(20);
    assertThat(checksOfTable()).containsExactlyInAnyOrderElementsOf(checks);
  }

  private static List<String> checksOfTable() {
    return FLAWS.lines().map(line -> line.split(", *", -1)[1]).distinct().toList();
  }

  @Test
  void aStoreThatLeavesOutInSilenceFails() {
    assertThat(failed(SilentStore.class, "saysWhatIsLeftOut"))
        .hasSize(5)
        .containsOnly("saysWhatIsLeftOut");
  }

  /** The same store passes each of these checks without a flaw; else red would say nothing. */
  @Test
  void nothingFailsWithoutAFlaw() {
    assertThat(failed(FlawedStore.class, checksOfTable().toArray(String[]::new))).isEmpty();
  }

  /** The checks that fail, of those. */
  private static List<String> failed(Class<?> store, String... checks) {
    List<String> failed = new ArrayList<>();
    List<String> finished = new ArrayList<>();
    List<Throwable> causes = new ArrayList<>();
    TestExecutionListener listener =
        new TestExecutionListener() {
          @Override
          public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            String name = test.getSource().map(PlantedFlawTest::method).orElse("");
            finished.add(name);
            result.getThrowable().ifPresent(causes::add);
            if (result.getStatus() == TestExecutionResult.Status.FAILED) {
              failed.add(name);
            }
          }
        };
    PostDiscoveryFilter these = test -> FilterResult.includedIf(isOf(test, List.of(checks)));
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(selectClass(store))
            .filters(these)
            .build();
    LauncherFactory.create().execute(request, listener);
    assertThat(finished).as("checks that ran").contains(checks);
    // Not whatever goes wrong: what is found is told as a claim that does not hold.
    assertThat(causes).hasOnlyElementsOfTypes(AssertionError.class);
    return failed;
  }

  private static boolean isOf(TestDescriptor test, List<String> checks) {
    return test.getSource()
        .map(PlantedFlawTest::method)
        .filter(name -> !name.isEmpty())
        .map(checks::contains)
        .orElse(false);
  }

  private static String method(Object source) {
    return source instanceof MethodSource of ? of.getMethodName() : "";
  }
}
