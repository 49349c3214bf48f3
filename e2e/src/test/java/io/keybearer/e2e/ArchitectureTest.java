package io.keybearer.e2e;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.targetOwner;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import io.keybearer.provider.SecretBytes;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The arrows between modules and packages, and who may see what. */
class ArchitectureTest {

  private static final String SEALED = "io.keybearer.provider.sealed..";
  private static final String VAULT = "io.keybearer.provider.vault..";
  private static final String HTTP = "io.keybearer.provider.http..";

  /** Who sends secrets, takes tokens apart, seals, or writes and reads requests and answers. */
  private static final List<String> REVEALING =
      List.of(
          "io.keybearer.daemonset.ProviderService",
          "io.keybearer.daemonset.kubernetes.ApiServer",
          "io.keybearer.daemonset.leases.LeaseJson",
          "io.keybearer.daemonset.volume.VolumeFolder",
          "io.keybearer.e2e.client.DoubleAnswer",
          "io.keybearer.e2e.client.StoreMessage",
          "io.keybearer.provider.aws.AwsHttp",
          "io.keybearer.provider.aws.AwsRendering",
          "io.keybearer.provider.aws.AwsTexts",
          "io.keybearer.provider.http.HttpCall",
          "io.keybearer.provider.sealed.ValueSealer",
          "io.keybearer.provider.token.ServiceAccountTokens",
          "io.keybearer.provider.vault.InlineAccess",
          "io.keybearer.provider.vault.SecretIds",
          "io.keybearer.provider.vault.SessionState",
          "io.keybearer.provider.vault.VaultDriver",
          "io.keybearer.provider.vault.VaultResponse");

  private static final Pattern VAGUE =
      Pattern.compile(
          ".*\\.(util|utils|common|impl|model|exception|exceptions|helper|misc)(\\..*)?");

  /** All main code. */
  static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          // Core's conformance suite: a jar, once there is one.
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("io.keybearer");

  @Test
  void coreSeesNoStoreNoProcessAndNoTransport() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(
                "io.keybearer.provider",
                "io.keybearer.provider.cluster..",
                "io.keybearer.provider.pem..",
                "io.keybearer.provider.text..",
                "io.keybearer.provider.reader..",
                "io.keybearer.provider.mount..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                SEALED,
                VAULT,
                HTTP,
                "io.keybearer.daemonset..",
                "io.keybearer.proto..",
                "io.grpc..",
                "com.google.protobuf.."));
  }

  @Test
  void storesAndTheHttpStackSeeNeitherTheProcessNorItsTransport() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(SEALED, VAULT, HTTP)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "io.keybearer.daemonset..",
                "io.keybearer.proto..",
                "io.grpc..",
                "io.keybearer.provider.mount..",
                "io.keybearer.provider.reader.."));
  }

  @Test
  void theHttpStackKnowsNoStore() {
    check(
        noClasses()
            .that()
            .resideInAPackage(HTTP)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(SEALED, VAULT));
  }

  @Test
  void noStoreKnowsAnother() {
    check(
        noClasses()
            .that()
            .resideInAPackage(VAULT)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(SEALED));
    check(
        noClasses()
            .that()
            .resideInAPackage(SEALED)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(VAULT));
  }

  @Test
  void packagesFormNoCircle() {
    check(slices().matching("io.keybearer.(**)").should().beFreeOfCycles());
  }

  @Test
  void onlyTheServiceAndTheEndToEndCodeSeeGeneratedMessages() {
    check(
        noClasses()
            .that(
                not(resideInAPackage("io.keybearer.proto.."))
                    .and(not(resideInAPackage("io.keybearer.e2e..")))
                    .and(not(isOrIsInside("io.keybearer.daemonset.ProviderService"))))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.keybearer.proto.."));
  }

  @Test
  void onlyTheseClassesRevealSecrets() {
    check(
        noClasses()
            .that(not(mayReveal()))
            .should()
            .accessTargetWhere(
                // Not callMethod(): it does not see SecretBytes::reveal.
                targetOwner(type(SecretBytes.class)).and(target(name("reveal"))))
            .as(
                "only who sends files, takes tokens apart, seals, keeps leases, or writes and reads"
                    + " requests may use SecretBytes.reveal()"));
  }

  @Test
  void ofTheEndToEndCodeOnlyTheDoublesClientSeesTheProcessAndCore() {
    check(
        noClasses()
            .that(
                resideInAPackage("io.keybearer.e2e..")
                    .and(not(resideInAPackage("io.keybearer.e2e.client.."))))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "io.keybearer.daemonset..",
                "io.keybearer.provider..",
                "io.keybearer.e2e.client.."));
  }

  @Test
  void bothHalvesOfTheStoreDoubleAreWrittenApart() {
    check(
        noClasses()
            .that()
            .resideInAPackage("io.keybearer.e2e.client..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.keybearer.e2e.store..", "io.keybearer.provider.reader.."));
  }

  @Test
  void packagesHaveNamesOfTheDomain() {
    check(
        classes()
            .should()
            .resideOutsideOfPackages(
                "..util..", "..common..", "..impl..", "..model..", "..exception.."));
    assertThat(CLASSES.stream().map(JavaClass::getPackageName))
        .noneMatch(packageName -> VAGUE.matcher(packageName).matches());
  }

  @Test
  void seesTheClassesItJudges() {
    assertThat(CLASSES.stream().map(JavaClass::getName))
        .contains(
            "io.keybearer.provider.SecretBytes",
            "io.keybearer.provider.sealed.SealedBackend",
            "io.keybearer.provider.http.HttpStack",
            "io.keybearer.daemonset.ProviderService",
            "io.keybearer.proto.MountRequest",
            "io.keybearer.e2e.client.DoubleBackend",
            "io.keybearer.e2e.driver.Node");
  }

  private static DescribedPredicate<JavaClass> mayReveal() {
    return describe(
        "who may reveal secrets",
        type -> REVEALING.stream().anyMatch(name -> isOrIsInside(name).test(type)));
  }

  private static DescribedPredicate<JavaClass> isOrIsInside(String className) {
    return describe(
        className,
        type -> type.getName().equals(className) || type.getName().startsWith(className + "$"));
  }

  private static void check(ArchRule rule) {
    EvaluationResult result = rule.evaluate(CLASSES);
    List<String> violations = result.getFailureReport().getDetails();
    assertThat(violations).as(rule.getDescription()).isEmpty();
  }
}
