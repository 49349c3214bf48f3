package io.keybearer.provider;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The one way a Mount fails: what failed, on which object, and what to try. Its text reaches pod
 * events word for word, so it never holds a secret or a token.
 */
public final class MountFailure extends Exception {

  private static final long serialVersionUID = 1L;

  /** Pod events are cut at 1,024 characters, and the driver puts about 250 before ours. */
  private static final int LONGEST_MESSAGE = 700;

  private static final String SEPARATOR = " | ";

  /** For the store's name before it and the count after it. */
  private static final int ROOM = 64;

  private static final Place NOWHERE = Place.of("");

  /** What stands before the objects that a failure is about. */
  private static final String OBJECT = "object";

  private final Reason reason;
  private final String words;
  private final String object;
  private final transient Place place;
  private final String cause;
  private final String text;
  private final transient Fault fault;
  private final transient List<MountFailure> parts;

  private MountFailure(
      Reason reason,
      String words,
      String object,
      Place place,
      String cause,
      Fault fault,
      List<MountFailure> parts) {
    // A failure is a value that is told once; a stack trace of it would only cost.
    super(null, null, false, false);
    this.text = bounded(subject(words, List.of(object)) + cause, LONGEST_MESSAGE);
    this.reason = reason;
    this.words = words;
    this.object = object;
    this.place = place;
    this.cause = cause;
    this.fault = fault;
    this.parts = parts;
  }

  private MountFailure(
      Reason reason, String words, String object, Place place, String cause, Fault fault) {
    this(reason, words, object, place, cause, fault, List.of());
  }

  /**
   * A failure of the whole Mount, or of an object still to be named by {@link #on}.
   *
   * @param cause what is wrong and where: lower case, no full stop
   * @param remedy what to try
   */
  public static MountFailure of(Reason reason, String cause, String remedy) {
    return of(reason, cause + "; " + remedy);
  }

  /** A failure that has nothing to try but to read it. */
  public static MountFailure of(Reason reason, String cause) {
    return new MountFailure(reason, OBJECT, "", NOWHERE, cause, Fault.none());
  }

  /** This failure, told of that object. A failure that names its object already keeps it. */
  public MountFailure on(String objectName) {
    return object.isEmpty()
        ? new MountFailure(reason, words, objectName, place, cause, fault)
        : this;
  }

  /**
   * This failure, with other words before the name of its object: those of an official provider.
   */
  public MountFailure worded(String beforeObject) {
    return new MountFailure(reason, beforeObject, object, place, cause, fault);
  }

  /** This failure, of what stands there. A failure that knows its place already keeps it. */
  public MountFailure in(Place where) {
    return place.equals(NOWHERE)
        ? new MountFailure(reason, words, object, where, cause, fault)
        : this;
  }

  /** This failure, because of that fault of a request. */
  public MountFailure because(Fault of) {
    return new MountFailure(reason, words, object, place, cause, of);
  }

  /** This failure, with something more to know about it. */
  public MountFailure and(String more) {
    return new MountFailure(reason, words, object, place, cause + "; " + more, fault);
  }

  /** This failure, told of that store. */
  public MountFailure at(String store) {
    return new MountFailure(reason, OBJECT, "", NOWHERE, store + ": " + text, fault, parts());
  }

  /**
   * All failures of one Mount in one text. The reason is that of the first; objects that fail alike
   * are named together; what does not fit in 700 characters is counted.
   *
   * @param failures at least one, in the order of the SecretProviderClass
   */
  static MountFailure all(List<MountFailure> failures) {
    Map<String, List<String>> objectsByCause = new LinkedHashMap<>();
    for (MountFailure failure : failures) {
      objectsByCause.computeIfAbsent(failure.cause, c -> new ArrayList<>()).add(failure.object);
    }
    StringBuilder together = new StringBuilder();
    int told = 0;
    for (Map.Entry<String, List<String>> group : objectsByCause.entrySet()) {
      // The words of the first are enough.
      String words = told == 0 ? failures.get(0).words : OBJECT;
      String next = subject(words, group.getValue()) + group.getKey();
      int room = LONGEST_MESSAGE - ROOM - together.length();
      if (told == 0 && objectsByCause.size() > 1) {
        // The first is told however long it is, but not at the price of the others' count.
        next = bounded(next, room);
      } else if (told > 0 && next.length() > room) {
        together.append(SEPARATOR).append("and ").append(failures.size() - told).append(" more");
        break;
      }
      together.append(told == 0 ? "" : SEPARATOR).append(next);
      told += group.getValue().size();
    }
    return new MountFailure(
        failures.get(0).reason,
        OBJECT,
        "",
        NOWHERE,
        together.toString(),
        Fault.none(),
        List.copyOf(failures));
  }

  /** What failed, where, and what to try: at most 700 characters on one line. */
  @Override
  public String getMessage() {
    return text;
  }

  /** The single failures that this one tells of, in their order; itself if it is one. */
  public List<MountFailure> parts() {
    return parts.isEmpty() ? List.of(this) : parts;
  }

  /** What stands at fault; the parameter without a name if that is not known. */
  public Place place() {
    return place;
  }

  /** The text without the object and the place, for whoever tells these in another way. */
  public String cause() {
    String told = place + Place.BEFORE_PROBLEM;
    return cause.startsWith(told) ? cause.substring(told.length()) : cause;
  }

  /** Why, for whoever decides by it. */
  public Reason reason() {
    return reason;
  }

  /** What kept the store from answering, if that is why. */
  public Fault fault() {
    return fault;
  }

  /** The object it is about, empty for a failure of the whole Mount. */
  public String object() {
    return object;
  }

  /** The objects that a cause is about; nothing for a cause of the whole Mount. */
  private static String subject(String words, List<String> objects) {
    if (objects.get(0).isEmpty()) {
      return "";
    }
    // What ends with a sign is a sentence, and no word for one of them.
    boolean sentence = !Character.isLetter(words.charAt(words.length() - 1));
    boolean one = objects.size() == 1 || sentence;
    StringBuilder names = new StringBuilder(words).append(one ? " " : "s ");
    for (int i = 0; i < objects.size(); i++) {
      String name = sentence ? PlainText.of(objects.get(i)) : Quoted.of(objects.get(i));
      if (i > 0 && names.length() + name.length() > LONGEST_MESSAGE / 3) {
        return names.append(" and ").append(objects.size() - i).append(" more: ").toString();
      }
      names.append(i == 0 ? "" : ", ").append(name);
    }
    return names.append(": ").toString();
  }

  private static String bounded(String text, int longest) {
    if (text.length() <= longest) {
      return text;
    }
    int end = longest - 1;
    return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "…";
  }
}
