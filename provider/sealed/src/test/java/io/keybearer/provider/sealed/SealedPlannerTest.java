package io.keybearer.provider.sealed;

import static io.keybearer.provider.sealed.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keybearer.provider.Endpoint;
import io.keybearer.provider.Freshness;
import io.keybearer.provider.Login;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.MountPlan;
import io.keybearer.provider.MountRequest;
import io.keybearer.provider.NodeFacts;
import io.keybearer.provider.ObjectVersion;
import io.keybearer.provider.PlanWarning;
import io.keybearer.provider.PlannedObject;
import io.keybearer.provider.Reason;
import io.keybearer.provider.Rendering.Rendered;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.SecretFile;
import io.keybearer.provider.SecretRef;
import io.keybearer.provider.SecretValue;
import io.keybearer.provider.SessionKey;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SealedPlannerTest {

  private static final NodeFacts NODE = new NodeFacts("node-1", 3, Freshness.Limits.usual());
  private static final String DATA = Golden.of("strict-small").data();
  private static final String OBJECTS = "- path: db/password\n  data: " + DATA + "\n";
  private static final String FIELDS = "; write its fields as \"key: value\"";
  private static final String KUBESEAL = "; put the whole output of kubeseal --raw there";

  @Test
  void plansFileLoginAndReferenceOfAnObject() throws MountFailure {
    MountRequest request = request(Map.of("objects", OBJECTS));

    MountPlan plan = plan(request);

    PlannedObject object = plan.objects().get(0);
    assertThat(plan.objects()).hasSize(1);
    assertThat(plan.warnings()).isEmpty();
    assertThat(object.name()).isEqualTo("db/password");
    assertThat(object.reference())
        .isEqualTo(new SealedRef("prod/orders-db", Ciphertext.parse(DATA)));
    assertThat(object.login())
        .isEqualTo(
            new Login(
                new SessionKey("sealed", Endpoint.inside(), Map.of(), "prod", "web"), List.of()));
    assertThat(plan.addresses()).isEmpty();
  }

  @Test
  void rendersTheFileWithItsVersion() throws MountFailure {
    SecretBytes bytes = Golden.of("binary").plaintext();
    PlannedObject object =
        plan(request(Map.of("objects", OBJECTS + "  mode: 0400"))).objects().get(0);

    assertThat(object.rendering().render(SecretValue.of("n", "v1", bytes)))
        .isEqualTo(
            new Rendered(
                List.of(new SecretFile("db/password", 0400, bytes)),
                List.of(new ObjectVersion("db/password", "v1"))));
  }

  @ParameterizedTest
  @CsvSource({
    "'', orders-db, prod/orders-db",
    "strict, orders-db, prod/orders-db",
    "namespace-wide, orders-db, prod",
    "namespace-wide, '', prod",
    "cluster-wide, orders-db, ''"
  })
  void bindsTheLabelOfTheScope(String scope, String name, String label) throws MountFailure {
    MountRequest request = Requests.of("prod", name, Map.of("scope", scope, "objects", OBJECTS));

    assertThat(label(permissive().plan(request, NODE))).isEqualTo(label);
  }

  @Test
  void needsNoNamespaceForClusterWideValues() throws MountFailure {
    MountRequest request = Requests.of("", "", Map.of("scope", "cluster-wide", "objects", OBJECTS));

    assertThat(label(permissive().plan(request, NODE))).isEmpty();
  }

  @Test
  void refusesAnUnknownScope() {
    assertRefuses(
        Map.of("scope", "namespace", "objects", OBJECTS),
        Reason.INVALID_PARAMETERS,
        "scope \"namespace\" is unknown; use strict, namespace-wide or cluster-wide, as kubeseal"
            + " was told");
  }

  @Test
  void refusesClusterWideValuesUnlessAllowed() {
    assertRefuses(
        Map.of("scope", "cluster-wide", "objects", OBJECTS),
        Reason.ACCESS_DENIED,
        "values of scope cluster-wide are not allowed on this node; seal them for their namespace,"
            + " or ask the administrator for --sealed-allow-cluster-wide");
  }

  @Test
  void refusesAnotherNameUnlessAllowed() {
    assertRefuses(
        Map.of("name", "other", "objects", OBJECTS),
        Reason.ACCESS_DENIED,
        "the parameter \"name\" is not allowed on this node: it lets any SecretProviderClass of the"
            + " namespace use what was sealed for another name; seal the values for this one, or"
            + " ask the administrator for --sealed-allow-name-override");
  }

  @Test
  void warnsOfAnotherNameThatIsAllowed() throws MountFailure {
    MountPlan plan = permissive().plan(request(Map.of("name", "other", "objects", OBJECTS)), NODE);

    assertThat(label(plan)).isEqualTo("prod/other");
    assertThat(plan.warnings())
        .extracting(PlanWarning::text)
        .containsExactly("opens values that were sealed for the name \"other\"");
  }

  @Test
  void ignoresAnotherNameWhereNoNameBinds() throws MountFailure {
    MountPlan plan =
        plan(request(Map.of("scope", "namespace-wide", "name", "other", "objects", OBJECTS)));

    assertThat(label(plan)).isEqualTo("prod");
    assertThat(plan.warnings())
        .extracting(PlanWarning::text)
        .containsExactly("the parameter \"name\" means nothing with scope namespace-wide");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "strict"})
  void needsTheNameOfTheClassForStrictValues(String scope) {
    MountRequest request = Requests.of("prod", "", Map.of("scope", scope, "objects", OBJECTS));

    assertFails(
        () -> plan(request),
        Reason.PRECONDITION,
        "the driver did not tell the SecretProviderClass's name, which strict values are bound to,"
            + " and this process has not seen the pod's first mount; use driver 1.6 or later, seal"
            + " with scope namespace-wide, or start the pod anew");
  }

  @ParameterizedTest
  @ValueSource(strings = {"strict", "namespace-wide"})
  void needsTheNamespaceThatBinds(String scope) {
    MountRequest request = Requests.of("", "orders-db", Map.of("scope", scope, "objects", OBJECTS));

    assertFails(
        () -> plan(request),
        Reason.INVALID_PARAMETERS,
        "the request names no pod namespace (csi.storage.k8s.io/pod.namespace); set"
            + " podInfoOnMount: true in the CSIDriver object");
  }

  @Test
  void refusesAReferenceToASealedSecret() {
    assertRefuses(
        Map.of("sealedSecretRef", "legacy", "objects", OBJECTS),
        Reason.INVALID_PARAMETERS,
        "the parameter \"sealedSecretRef\" is not supported; put the values of its"
            + " spec.encryptedData into \"objects\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "~", "hunter2", "path: a", "# nothing"})
  void refusesWhatIsNotAList(String objects) {
    assertRefuses(
        objects,
        "objects, line 1, column 1: expected a list of objects; start each of them with \"- \"");
  }

  @Test
  void refusesARequestWithoutObjects() {
    assertRefuses(
        Map.of(),
        Reason.INVALID_PARAMETERS,
        "objects, line 1, column 1: expected a list of objects; start each of them with \"- \"");
  }

  @Test
  void refusesAnEmptyList() {
    assertRefuses("[]", "\"objects\" is empty; name at least one object");
  }

  @Test
  void refusesMoreObjectsThanTheNodeAllows() {
    assertRefuses(
        OBJECTS.repeat(4),
        "4 objects, and one SecretProviderClass may name 3; split it, or raise --max-objects");
  }

  @Test
  void plansAsManyObjectsAsTheNodeAllows() throws MountFailure {
    assertThat(plan(request(Map.of("objects", OBJECTS.repeat(3)))).objects()).hasSize(3);
  }

  @ParameterizedTest
  @CsvSource({
    "'- ', '1, column 2'",
    "'- ~', '1, column 3'",
    "'- hunter2', '1, column 3'",
    "'- [path, a]', '1, column 3'"
  })
  void refusesAnItemThatIsNoMap(String objects, String place) {
    assertRefuses(objects, "objects, line " + place + ": expected an object as a map" + FIELDS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"- data: x", "- {path: , data: x}", "- {path: '', data: x}", "- {}"})
  void refusesAnObjectWithoutAPath(String objects) {
    assertRefuses(
        objects, "object \"#1\": objects, line 1, column 3: \"path\" is missing; name the file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"- path: a", "- {path: a, data: }", "- {path: a, data: ''}"})
  void refusesAnObjectWithoutData(String objects) {
    assertRefuses(
        objects,
        "object \"a\": objects, line 1, column 3: \"data\" is missing; put the output of kubeseal"
            + " --raw there");
  }

  @ParameterizedTest
  @CsvSource({
    "'- {path: [a], data: x}', '', path, 10",
    "'- {path: {a: b}, data: x}', '', path, 10",
    "'- {path: a, data: [x]}', 'object \"a\": ', data, 19",
    "'- {path: a, mode: [x]}', 'object \"a\": ', mode, 19"
  })
  void refusesAFieldOfManyValues(String objects, String object, String field, int column) {
    assertRefuses(
        objects,
        object
            + "objects, line 1, column "
            + column
            + ": \""
            + field
            + "\" must be a single value; see the store's page");
  }

  @ParameterizedTest
  @CsvSource({
    "0400, 256",
    "0o400, 256",
    "'\"0444\"', 292",
    "'\"0o444\"', 292",
    "00, 0",
    "0o0, 0",
    "0777, 511",
    "01777, 1023",
    "'', 420",
    "~, 420",
    "'\"\"', 420"
  })
  void readsTheModeAsOctal(String mode, int bits) throws MountFailure {
    PlannedObject object = plan(request(Map.of("objects", withMode(mode)))).objects().get(0);
    SecretValue value = SecretValue.of("n", "v", SecretBytes.empty());

    assertThat(object.rendering().render(value).files())
        .extracting(SecretFile::mode)
        .containsExactly(bits);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"400", "0x1ff", "0888", "-0400", "0o", "0O400", "0400 4", "rw", "0.4", "0777777"})
  void refusesAnyOtherMode(String mode) {
    assertRefuses(
        withMode(mode),
        "object \"a\": mode \""
            + mode
            + "\" is not an octal number with a leading zero; write it as 0444");
  }

  @Test
  void tellsAllFailingObjectsInTheOrderOfTheList() {
    String objects =
        """
        - path: first
          data: hunter2
        - data: x
        - {path: third, data: hunter2}
        """;

    assertRefuses(
        objects,
        "objects \"first\", \"third\": \"data\" is base64 that was cut off"
            + KUBESEAL
            + " | object \"#2\": objects, line 3, column 3: \"path\" is missing; name the file");
  }

  @Test
  void aBadItemIsToldOfWithTheGoodOnesAroundIt() {
    assertRefuses(
        OBJECTS + "- ~\n" + OBJECTS,
        "objects, line 3, column 3: expected an object as a map" + FIELDS);
  }

  @Property
  void randomTextIsRefusedAsInvalid(@ForAll String objects) {
    assertThatThrownBy(() -> plan(request(Map.of("objects", objects))))
        .isInstanceOf(MountFailure.class)
        .extracting(failure -> ((MountFailure) failure).reason())
        .isEqualTo(Reason.INVALID_PARAMETERS);
  }

  @Test
  void givesEqualReferencesToEqualCiphertexts() throws MountFailure {
    String folded = DATA.replaceAll("(.{64})", "$1\n    ");
    Set<SecretRef> references =
        plan(request(Map.of("objects", OBJECTS + "- path: again\n  data: |\n    " + folded)))
            .objects()
            .stream()
            .map(PlannedObject::reference)
            .collect(Collectors.toSet());

    assertThat(references).hasSize(1);
  }

  @Test
  void plansEqualRequestsEqually() throws MountFailure {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("objects", OBJECTS);
    parameters.put("scope", "strict");

    MountPlan one = plan(request(parameters));
    MountPlan other = plan(request(Map.copyOf(parameters)));

    assertThat(one.warnings()).isEqualTo(other.warnings());
    assertThat(one.objects())
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("rendering")
        .isEqualTo(other.objects());
  }

  /** Whatever is asked of a file system that is closed throws. */
  @Test
  void touchesNoFile(@TempDir Path folder) throws Exception {
    Path keys;
    try (FileSystem closed =
        FileSystems.newFileSystem(folder.resolve("keys.zip"), Map.of("create", "true"))) {
      keys = closed.getPath("/keys");
    }
    SealedBackend backend =
        new SealedBackend(new SealedSettings(keys, false, false), new TurnedTicker());

    assertThat(label(backend.plan(request(Map.of("objects", OBJECTS)), NODE)))
        .isEqualTo("prod/orders-db");
  }

  private static MountPlan plan(MountRequest request) throws MountFailure {
    return new SealedPlanner(new SealedSettings(Path.of("absent"), false, false))
        .plan(request, NODE);
  }

  private static SealedPlanner permissive() {
    return new SealedPlanner(new SealedSettings(Path.of("absent"), true, true));
  }

  private static MountRequest request(Map<String, String> parameters) {
    return Requests.of("prod", "orders-db", parameters);
  }

  private static String withMode(String mode) {
    return "- path: a\n  mode: " + mode + "\n  data: " + DATA + "\n";
  }

  private static String label(MountPlan plan) {
    return ((SealedRef) plan.objects().get(0).reference()).label();
  }

  private static void assertRefuses(String objects, String message) {
    assertRefuses(Map.of("objects", objects), Reason.INVALID_PARAMETERS, message);
  }

  private static void assertRefuses(Map<String, String> parameters, Reason reason, String message) {
    assertFails(() -> plan(request(parameters)), reason, message);
  }
}
