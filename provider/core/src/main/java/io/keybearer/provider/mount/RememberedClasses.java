package io.keybearer.provider.mount;

import io.keybearer.provider.MountId;
import io.keybearer.provider.MountRequest;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The SecretProviderClass of each volume. Rotation calls of drivers up to 1.5.6 leave its name out;
 * the first mount told it, and what it told stays: a volume never changes its class, and in such a
 * call a parameter of that name would pass for it. Bounded: the volume that was asked for longest
 * ago goes first.
 */
final class RememberedClasses {

  private static final int MOST = 4096;

  private final Map<MountId, String> names =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<MountId, String> eldest) {
          return size() > MOST;
        }
      };

  /** The request with the name of its SecretProviderClass, as far as it is known. */
  synchronized MountRequest complete(MountRequest request) {
    String known = names.get(request.mount());
    if (known != null) {
      return request.ofSecretProviderClass(known);
    }
    if (!request.secretProviderClass().isEmpty()) {
      names.put(request.mount(), request.secretProviderClass());
    }
    return request;
  }
}
