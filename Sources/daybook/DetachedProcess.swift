import Branch
import Foundation

/// A Daybook process that goes on when this one has ended, for work that nobody waits for.
enum DetachedProcess {
  /// Starts it in a session of its own, so that it survives the terminal. It reads and writes
  /// nothing of ours. That it may not start is no fault: whoever calls this can do without.
  ///
  /// - Parameters:
  ///   - command: its words, such as `["config", "watch"]`.
  ///   - options: those of this call; the database's address goes where others cannot see it.
  static func start(_ command: [String], with options: CallOptions) {
    var arguments = ["daybook"] + command
    let named = [
      ("--config", options.config), ("--state", options.state),
      ("--terminal", options.terminal), ("--operator", options.operatorName),
    ]
    for case (let name, let value?) in named { arguments += [name, value] }
    var environment = ProcessInfo.processInfo.environment
    if let database = options.database { environment["DAYBOOK_DATABASE"] = database }
    spawn(arguments, environment.map { "\($0)=\($1)" })
  }

  private static func spawn(_ arguments: [String], _ environment: [String]) {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
      posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setflags(&attributes, newSession)
    var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
    defer { (words + variables).forEach { free($0) } }
    var process: pid_t = 0
    _ = posix_spawn(&process, "/proc/self/exe", &actions, &attributes, &words, &variables)
  }

  /// `POSIX_SPAWN_SETSID` of glibc's spawn.h, which Swift does not see.
  private static let newSession: Int16 = 0x80
}
