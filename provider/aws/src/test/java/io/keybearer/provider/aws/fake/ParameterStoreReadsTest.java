package io.keybearer.provider.aws.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.GetParametersByPathResponse;
import software.amazon.awssdk.services.ssm.model.GetParametersResponse;
import software.amazon.awssdk.services.ssm.model.InvalidKeyIdException;
import software.amazon.awssdk.services.ssm.model.Parameter;
import software.amazon.awssdk.services.ssm.model.ParameterAlreadyExistsException;
import software.amazon.awssdk.services.ssm.model.ParameterNotFoundException;
import software.amazon.awssdk.services.ssm.model.ParameterVersionNotFoundException;
import software.amazon.awssdk.services.ssm.model.SsmException;

class ParameterStoreReadsTest {

  private static final String KEY = "arn:aws:kms:eu-west-1:111122223333:key/k1";

  private final FakeAws aws = FakeAws.start();
  private final FakeRegion region = aws.account(TestAws.ACCOUNT).region(TestAws.REGION);
  private final SsmClient client = TestAws.parameters(aws, TestAws.admin(aws).session("test"));

  @AfterEach
  void stop() {
    aws.close();
  }

  private GetParametersResponse get(String... names) {
    return client.getParameters(request -> request.names(names).withDecryption(true));
  }

  @Test
  void answersNameArnAndSelectorApart() {
    FakeParameter parameter = region.putParameter("/app/a", "one");
    parameter.put("two");
    parameter.label(1, "prod");
    Parameter newest = get("/app/a").parameters().get(0);
    assertThat(newest.value()).isEqualTo("two");
    assertThat(newest.version()).isEqualTo(2);
    assertThat(newest.selector()).isNull();
    assertThat(newest.arn()).isEqualTo("arn:aws:ssm:eu-west-1:111122223333:parameter/app/a");
    assertThat(newest.typeAsString()).isEqualTo("String");
    assertThat(newest.dataType()).isEqualTo("text");
    assertThat(newest.lastModifiedDate()).isNotNull();
    for (String selector : List.of(":1", ":prod")) {
      Parameter older = get("/app/a" + selector).parameters().get(0);
      assertThat(older.name()).isEqualTo("/app/a");
      assertThat(older.selector()).isEqualTo(selector);
      assertThat(older.value()).isEqualTo("one");
      assertThat(older.version()).isEqualTo(1);
    }
  }

  @Test
  void findsByArnWithAndWithoutSelector() {
    region.putParameter("/app/a", "one").put("two");
    region.putParameter("bare", "three");
    assertThat(get("arn:aws:ssm:eu-west-1:111122223333:parameter/app/a:1").parameters().get(0))
        .satisfies(
            found -> {
              assertThat(found.name()).isEqualTo("/app/a");
              assertThat(found.selector()).isEqualTo(":1");
              assertThat(found.value()).isEqualTo("one");
            });
    assertThat(get("arn:aws:ssm:eu-west-1:111122223333:parameter/bare").parameters().get(0).name())
        .isEqualTo("bare");
    assertThat(get("arn:aws:ssm:us-east-1:111122223333:parameter/bare").invalidParameters())
        .hasSize(1);
  }

  @Test
  void listsWhatIsInvalidInGoodAnswer() {
    region.putParameter("a", "1");
    region.putParameter("b", "2");
    GetParametersResponse answer = get("a", "missing", "b:9", "a:label", "b");
    assertThat(answer.parameters()).extracting(Parameter::name).containsExactly("b", "a");
    assertThat(answer.invalidParameters()).containsExactlyInAnyOrder("missing", "b:9", "a:label");
  }

  @Test
  void takesTenNamesAtMostAndNoneTwice() {
    assertThatThrownBy(
            () -> get(IntStream.range(0, 11).mapToObj(i -> "p" + i).toArray(String[]::new)))
        .isInstanceOf(SsmException.class)
        .hasMessageContaining("Member must have length less than or equal to 10")
        .extracting(e -> ((SsmException) e).awsErrorDetails().errorCode())
        .isEqualTo("ValidationException");
    assertThatThrownBy(() -> get("a", "a")).hasMessageContaining("duplicate");
  }

  @Test
  void givesOneParameterInTwoVersions() {
    region.putParameter("a", "one").put("two");
    assertThat(get("a:1", "a:2").parameters())
        .extracting(found -> found.selector() + "=" + found.value())
        .containsExactlyInAnyOrder(":1=one", ":2=two");
  }

  @Test
  void decryptsOnlyWhenAsked() {
    region.putParameter("s", "secret", ParameterType.SECURE_STRING);
    region.putParameter("l", "a,b", ParameterType.STRING_LIST);
    assertThat(
            client.getParameters(r -> r.names("s", "l")).parameters().stream()
                .map(Parameter::value))
        .doesNotContain("secret")
        .contains("a,b");
    assertThat(get("s").parameters().get(0).value()).isEqualTo("secret");
    assertThat(get("s").parameters().get(0).typeAsString()).isEqualTo("SecureString");
  }

  @Test
  void needsTheKeyOfCustomer() {
    region.putParameter("s", "secret", ParameterType.SECURE_STRING).encryptedWith(KEY);
    FakeRole role = aws.role(TestAws.ROLE).allows("ssm:GetParameters", "*");
    SsmClient narrow = TestAws.parameters(aws, role.session("x"));
    assertThatThrownBy(() -> narrow.getParameters(r -> r.names("s").withDecryption(true)))
        .hasMessageContaining("is not authorized to perform: kms:Decrypt on resource: " + KEY);
    assertThat(narrow.getParameters(r -> r.names("s")).parameters()).hasSize(1);
    role.allows("kms:Decrypt", KEY);
    assertThat(narrow.getParameters(r -> r.names("s").withDecryption(true)).parameters())
        .hasSize(1);
    aws.account(TestAws.ACCOUNT).disableKey(KEY);
    assertThatThrownBy(() -> narrow.getParameters(r -> r.names("s").withDecryption(true)))
        .isInstanceOf(InvalidKeyIdException.class);
  }

  @Test
  void failsWholeCallForOneNameThatIsDenied() {
    region.putParameter("/app/a", "1");
    SsmClient narrow =
        TestAws.parameters(
            aws,
            aws.role(TestAws.ROLE)
                .allows("ssm:GetParameters", "arn:aws:ssm:eu-west-1:111122223333:parameter/app/*")
                .session("s"));
    assertThatThrownBy(() -> narrow.getParameters(r -> r.names("/app/a", "/other")))
        .isInstanceOf(SsmException.class)
        .hasMessageStartingWith(
            "User: arn:aws:sts::111122223333:assumed-role/app/s is not authorized to perform:"
                + " ssm:GetParameters on resource:"
                + " arn:aws:ssm:eu-west-1:111122223333:parameter/other because no identity-based"
                + " policy allows the ssm:GetParameters action");
    assertThat(narrow.getParameters(r -> r.names("/app/a")).parameters()).hasSize(1);
  }

  @Test
  void walksPathInPages() {
    IntStream.range(0, 12).forEach(i -> region.putParameter("/app/p" + i, "v" + i));
    region.putParameter("/app/deep/x", "deep");
    region.putParameter("/apple", "no");
    GetParametersByPathResponse first = client.getParametersByPath(r -> r.path("/app"));
    assertThat(first.parameters()).hasSize(10);
    GetParametersByPathResponse second =
        client.getParametersByPath(r -> r.path("/app").nextToken(first.nextToken()));
    assertThat(second.parameters()).hasSize(2);
    assertThat(second.nextToken()).isNull();
    assertThat(
            client.getParametersByPathPaginator(r -> r.path("/app/").recursive(true)).stream()
                .flatMap(page -> page.parameters().stream())
                .map(Parameter::name))
        .hasSize(13)
        .contains("/app/deep/x")
        .doesNotContain("/apple");
    assertThatThrownBy(() -> client.getParametersByPath(r -> r.path("/app").maxResults(11)))
        .hasMessageContaining("Member must have value less than or equal to 10");
    assertThatThrownBy(() -> client.getParametersByPath(r -> r.path("app")))
        .hasMessageContaining("must begin with a forward slash");
  }

  @Test
  void writesOverTheApi() {
    client.putParameter(r -> r.name("/n").value("one").type("SecureString"));
    assertThatThrownBy(() -> client.putParameter(r -> r.name("/n").value("two").type("String")))
        .isInstanceOf(ParameterAlreadyExistsException.class);
    client.putParameter(r -> r.name("/n").value("two").overwrite(true));
    client.labelParameterVersion(r -> r.name("/n").parameterVersion(1L).labels("prod"));
    assertThat(get("/n:prod").parameters().get(0).value()).isEqualTo("one");
    client.labelParameterVersion(r -> r.name("/n").labels("prod"));
    assertThat(get("/n:prod").parameters().get(0).value()).isEqualTo("two");
    assertThat(client.getParameter(r -> r.name("/n:1").withDecryption(true)).parameter().value())
        .isEqualTo("one");
    assertThatThrownBy(() -> client.getParameter(r -> r.name("/n:7")))
        .isInstanceOf(ParameterVersionNotFoundException.class);
    client.deleteParameter(r -> r.name("/n"));
    assertThatThrownBy(() -> client.getParameter(r -> r.name("/n")))
        .isInstanceOf(ParameterNotFoundException.class);
  }

  @Test
  void readsParameterOfAnotherAccountThatSharesIt() {
    FakeParameter theirs =
        aws.account("444455556666").region(TestAws.REGION).putParameter("/s", "theirs");
    assertThat(get(theirs.arn()).invalidParameters()).containsExactly(theirs.arn());
    theirs.sharedWith(TestAws.ACCOUNT);
    assertThat(get(theirs.arn()).parameters().get(0).value()).isEqualTo("theirs");
  }
}
