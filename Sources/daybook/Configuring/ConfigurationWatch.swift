import Foundation
import Settings

extension ConfigurationKeeper {
  /// Leaves a process behind that settles the change when its time is over. It has a session of its
  /// own, so that it survives the terminal; should it be killed, the next Daybook process does its
  /// work.
  func startWatch() {
    var arguments = ["daybook", "config", "watch", "--state", state.path]
    if global.config != nil { arguments += ["--config", target] }
    if let terminal = global.terminal { arguments += ["--terminal", terminal] }
    if let author = global.operatorName { arguments += ["--operator", author] }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
      posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setflags(&attributes, Self.newSession)
    var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    defer { words.forEach { free($0) } }
    var process: pid_t = 0
    // Without it the deadline still holds: it is then kept by whoever looks next.
    _ = posix_spawn(&process, "/proc/self/exe", &actions, &attributes, &words, environ)
  }

  /// `POSIX_SPAWN_SETSID` of glibc's spawn.h, which Swift does not see.
  private static let newSession: Int16 = 0x80

  /// Waits until the pending change is settled, by itself when its time is over. Another process may
  /// be at it first; a disk that takes nothing is given up after a minute.
  func watch() async {
    var attempts = 0
    while let pending = folder.load().pending, attempts < 240 {
      if pending.secondsLeft(at: moment) == 0 {
        attempts += 1
        _ = await settle(tells: false)
      }
      try? await Task.sleep(for: .milliseconds(250))
    }
  }

  /// What became of a generation that was applied, once whoever settled it has looked again at what
  /// is in force instead.
  func outcome(of number: Int) async -> AppliedState {
    var looks = 0
    while true {
      let record = folder.load()[number]
      if record?.isConfirmed == true { return .confirmed }
      guard let record, record.isReverted else { return .waiting }
      if record.occurrences[.verified] != nil || looks == 60 { return .reverted(record) }
      looks += 1
      try? await Task.sleep(for: .milliseconds(250))
    }
  }
}
