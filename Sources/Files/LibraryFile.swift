import Glibc

/// A file that a library opens by itself, because a variable of the environment names it, and that it
/// would wait for: a pipe that nobody writes into, or what has no end.
public struct LibraryFile: Hashable, Sendable {
  public let variable: String
  public let objection: FileObjection

  /// Which variables: OpenSSL reads its configuration at its first use, and authorities where the
  /// system's are wanted; Kerberos before a login; glibc other names of hosts.
  public static let variables = ["OPENSSL_CONF", "SSL_CERT_FILE", "KRB5_CONFIG", "HOSTALIASES"]

  /// What `takeAway` has found.
  nonisolated(unsafe) public private(set) static var taken: [LibraryFile] = []

  /// Takes the variables that name such a file out of this process's environment. Nothing is waited
  /// for then, and whoever needs a connection can say why there is none.
  ///
  /// To be called before the libraries are used, while there is one thread.
  public static func removeVariables() {
    for variable in variables {
      guard let value = getenv(variable).map({ String(cString: $0) }) else { continue }
      // Kerberos takes several, with colons between them.
      let paths = variable == "KRB5_CONFIG" ? value.split(separator: ":").map(String.init) : [value]
      guard let objection = paths.lazy.compactMap(objection(to:)).first else { continue }
      taken.append(LibraryFile(variable: variable, objection: objection))
      unsetenv(variable)
    }
  }

  /// More than the authorities of all the world.
  private static let mostBytes = 16 << 20

  /// A folder or a socket cannot be read, which is an answer at once; and the null device ends at once.
  private static func objection(to path: String) -> FileObjection? {
    var (status, null) = (stat(), stat())
    guard stat(path, &status) == 0 else { return nil }
    let kind = status.st_mode & S_IFMT
    let isNull =
      kind == S_IFCHR && stat("/dev/null", &null) == 0 && status.st_rdev == null.st_rdev
    guard kind != S_IFDIR, kind != S_IFSOCK, !isNull else { return nil }
    do throws(FileObjection) {
      try OrdinaryFile.check(path, atMost: mostBytes)
      return nil
    } catch {
      return error
    }
  }
}
