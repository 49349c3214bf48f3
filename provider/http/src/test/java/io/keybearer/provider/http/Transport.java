package io.keybearer.provider.http;

/** What a connection runs over. */
enum Transport {
  HTTP,
  HTTPS,
  UNIX
}
