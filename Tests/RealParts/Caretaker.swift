import Glibc
import Subprocess
import Synchronization
import SystemPackage

/// A temporary directory and a small process of its own that tidies up after it: it kills
/// whatever still works in the directory, and removes it.
///
/// The caretaker waits at the end of a line. When the line closes (the test is done with the
/// directory, or the test process died, however hard) the tidying happens. So there is one way
/// of cleaning up, and a crash takes it too.
public final class Caretaker: Sendable {
  /// The directory's path, without symbolic links.
  public let directory: String
  private let lifeline: Mutex<FileDescriptor?>
  private let watch: Task<Void, Never>

  // Processes are found by their working directory, because that still holds for a server's
  // children when the server is dead, and for stopped ones that no polite signal reaches.
  private static let script = """
    while read -r line; do :; done
    eval "$2"
    rounds=0
    while [ $rounds -lt 500 ]; do
      found=$(find /proc -maxdepth 2 -name cwd \\( -lname "$1" -o -lname "$1/*" \\) \
        -printf '%h\\n' 2> /dev/null)
      [ -n "$found" ] || break
      for process in $found; do kill -KILL "${process#/proc/}" 2> /dev/null; done
      rounds=$((rounds + 1))
      sleep 0.01
    done
    rm -rf "$1"
    """

  /// Makes a fresh directory with its caretaker.
  ///
  /// - Parameters:
  ///   - name: part of the directory's name, for people who look into `/tmp`.
  ///   - farewell: shell commands to run before the tidying; the directory is `$1`.
  public init(_ name: String, farewell: String = ":") throws {
    directory = try Self.makeDirectory(name)
    var ends: [Int32] = [-1, -1]
    // Closed on exec, or every other child would hold the line open. A pair of sockets, because
    // Swift does not see Linux's pipe2.
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, type, 0, &ends) == 0 else {
      throw RealPartFault("no line to a caretaker: \(Errno(rawValue: errno))")
    }
    let readEnd = FileDescriptor(rawValue: ends[0])
    lifeline = Mutex(FileDescriptor(rawValue: ends[1]))
    var session = PlatformOptions()
    // A session of its own: what kills the tests' process group spares the caretaker.
    session.createSession = true
    let arguments = ["-c", Self.script, "daybook-caretaker", directory, farewell]
    watch = Task { [session] in
      _ = try? await Subprocess.run(
        .path("/bin/sh"), arguments: Arguments(arguments),
        environment: .custom(["PATH": "/usr/bin:/bin:/usr/sbin:/sbin"]),
        workingDirectory: "/", platformOptions: session,
        input: .fileDescriptor(readEnd, closeAfterSpawningProcess: true),
        output: .discarded, error: .discarded)
    }
  }

  deinit {
    letGo()
  }

  /// Tidies up now, and returns when all is gone.
  public func dismiss() async {
    letGo()
    await watch.value
  }

  private func letGo() {
    lifeline.withLock { line in
      try? line?.close()
      line = nil
    }
  }

  private static func makeDirectory(_ name: String) throws -> String {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(parent)/daybook-\(name)-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil, let resolved = realpath(&template, nil) else {
      throw RealPartFault("no temporary directory in \(parent): \(Errno(rawValue: errno))")
    }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
