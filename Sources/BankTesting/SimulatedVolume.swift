import ManualLedger

/// A directory in memory that forgets what was not synced, and fails on request.
///
/// It is harsher than most file systems: a file whose directory was not synced is gone after a
/// power cut, and a sync that fails drops what was written although it still reads back.
public final class SimulatedVolume: Volume {
  /// What is left after a crash.
  public enum Crash: Hashable, Sendable, CaseIterable {
    /// The process died: the system still writes everything.
    case process
    /// The power went: only what was synced is left.
    case power
    /// The power went in the middle of writing back: of each file's unsynced writes, the first
    /// half is left, and the last of those only in part.
    case powerHalfway
  }

  /// A failure to come.
  public struct Failure: Hashable, Sendable {
    public enum Repetition: Hashable, Sendable { case once, forEver }
    /// From 1, counted over all operations.
    public var operation: Int
    public var kind: VolumeFault.Kind
    public var repetition: Repetition
    /// A failing write leaves this much of its bytes behind.
    public var writtenShare: Double

    public init(
      operation: Int, kind: VolumeFault.Kind, repetition: Repetition = .once,
      writtenShare: Double = 0
    ) {
      self.operation = operation
      self.kind = kind
      self.repetition = repetition
      self.writtenShare = writtenShare
    }
  }

  private struct Write {
    var offset: Int
    var bytes: [UInt8]
  }

  private struct File {
    /// What reads see.
    var content: [UInt8] = []
    /// What a power cut leaves.
    var durable: [UInt8] = []
    /// Writes since the last sync, in order; a truncation is a write without bytes.
    var dirty: [Write] = []
    var isNameDurable = false
    var isReadOnly = false
  }

  private var files: [String: File] = [:]
  private var removedButDurable: [String: File] = [:]
  /// How many operations there have been.
  public private(set) var operations = 0
  public var failures: [Failure] = []
  /// Files that the disk does not take any more, from now on: each write goes well, no sync does.
  public var stuck: Set<String> = []
  /// From this operation on everything fails and nothing changes: the machine is dead.
  public var diesAtOperation: Int?
  /// The process may open no further file.
  public var isOutOfDescriptors = false
  private var openNames: Set<String> = []
  /// Room in all files together.
  public var capacity = Int.max
  /// The operations, in words, for a failing test to print.
  public private(set) var log: [String] = []

  public init() {}

  /// A copy with the same content and no failures to come.
  public func copy() -> SimulatedVolume {
    let copy = SimulatedVolume()
    copy.files = files
    copy.removedButDurable = removedButDurable
    copy.capacity = capacity
    return copy
  }

  /// The directory as the next process finds it.
  public func afterCrash(_ crash: Crash) -> SimulatedVolume {
    let after = SimulatedVolume()
    after.capacity = capacity
    for (name, file) in files {
      switch crash {
      case .process: after.keep(file.content, name, file.isReadOnly)
      case .power:
        if file.isNameDurable { after.keep(file.durable, name, file.isReadOnly) }
      case .powerHalfway:
        guard file.isNameDurable else { continue }
        var content = file.durable
        let writes = file.dirty.prefix((file.dirty.count + 1) / 2)
        for (index, write) in writes.enumerated() {
          let isLast = index == writes.count - 1
          Self.apply(write, to: &content, share: isLast ? 0.5 : 1)
        }
        after.keep(content, name, file.isReadOnly)
      }
    }
    if crash != .process {
      for (name, file) in removedButDurable where after.files[name] == nil {
        after.keep(file.durable, name, file.isReadOnly)
      }
    }
    return after
  }

  private func keep(_ content: [UInt8], _ name: String, _ isReadOnly: Bool) {
    files[name] = File(
      content: content, durable: content, dirty: [], isNameDurable: true, isReadOnly: isReadOnly)
  }

  /// The bytes of a file, past all failures; nil when there is none.
  public subscript(name: String) -> [UInt8]? {
    get { files[name]?.content }
    set {
      files[name] = newValue.map {
        File(content: $0, durable: $0, dirty: [], isNameDurable: true, isReadOnly: false)
      }
    }
  }

  public var names: [String] { files.keys.sorted() }

  private func begin(_ operation: String) throws(VolumeFault) {
    operations += 1
    log.append("\(operations) \(operation)")
    if let death = diesAtOperation, operations >= death {
      throw VolumeFault(.inputOutput, "the machine is dead")
    }
    if let failure = dueFailure { throw VolumeFault(failure.kind, "simulated at \(operation)") }
  }

  private var dueFailure: Failure? {
    failures.first {
      $0.repetition == .once ? $0.operation == operations : $0.operation <= operations
    }
  }

  private var isDead: Bool { diesAtOperation.map { operations >= $0 } ?? false }

  private func file(_ name: String) throws(VolumeFault) -> File {
    guard let file = files[name] else { throw VolumeFault(.missing, "\(name) is not there") }
    return file
  }

  private var usedBytes: Int { files.values.reduce(0) { $0 + $1.content.count } }

  /// Counts as no operation: whoever writes opens, whether it has been done before or not.
  public func open(_ name: String) throws(VolumeFault) {
    _ = try file(name)
    guard !openNames.contains(name) else { return }
    guard !isOutOfDescriptors else {
      throw VolumeFault(.tooManyFiles, "cannot open \(name): too many open files")
    }
    openNames.insert(name)
  }

  public func fileNames() throws(VolumeFault) -> [String] {
    try begin("list")
    return Array(files.keys)
  }

  public func create(_ name: String) throws(VolumeFault) {
    try begin("create \(name)")
    guard files[name] == nil else { throw VolumeFault(.exists, "\(name) is there") }
    files[name] = File()
    do throws(VolumeFault) { try open(name) } catch {
      files[name] = nil
      throw error
    }
  }

  public func size(of name: String) throws(VolumeFault) -> Int64 {
    try begin("size \(name)")
    return Int64(try file(name).content.count)
  }

  public func read(
    _ name: String, from offset: Int64, count: Int
  ) throws(VolumeFault) -> [UInt8] {
    try begin("read \(name)")
    return Array(try file(name).content.dropFirst(Int(offset)).prefix(count))
  }

  public func write(
    _ bytes: [UInt8], to name: String, at offset: Int64
  ) throws(VolumeFault) {
    do throws(VolumeFault) {
      try begin("write \(bytes.count) to \(name) at \(offset)")
    } catch {
      if !isDead, let failure = dueFailure, failure.writtenShare > 0, files[name] != nil {
        let part = bytes.prefix(Int(Double(bytes.count) * failure.writtenShare))
        put(Write(offset: Int(offset), bytes: Array(part)), in: name)
      }
      throw error
    }
    try open(name)
    let file = try file(name)
    guard !file.isReadOnly else { throw VolumeFault(.denied, "\(name) is read-only") }
    let growth = max(0, Int(offset) + bytes.count - file.content.count)
    let room = max(0, capacity - usedBytes)
    guard growth <= room else {
      put(
        Write(offset: Int(offset), bytes: Array(bytes.prefix(bytes.count - (growth - room)))),
        in: name)
      throw VolumeFault(.noSpace, "no room for \(name)")
    }
    put(Write(offset: Int(offset), bytes: bytes), in: name)
  }

  private func put(_ write: Write, in name: String) {
    guard files[name] != nil else { return }
    Self.apply(write, to: &files[name, default: File()].content)
    files[name, default: File()].dirty.append(write)
  }

  private static func apply(_ write: Write, to content: inout [UInt8], share: Double = 1) {
    guard !write.bytes.isEmpty else {
      content.removeLast(max(0, content.count - write.offset))
      return
    }
    let bytes =
      share == 1 ? write.bytes : Array(write.bytes.prefix(Int(Double(write.bytes.count) * share)))
    if content.count < write.offset {
      content += [UInt8](repeating: 0, count: write.offset - content.count)
    }
    if content.count == write.offset {
      content += bytes
    } else {
      let end = min(content.count, write.offset + bytes.count)
      content.replaceSubrange(write.offset..<end, with: bytes)
    }
  }

  public func synchronize(_ name: String) throws(VolumeFault) {
    do throws(VolumeFault) {
      try begin("sync \(name)")
      if stuck.contains(name) { throw VolumeFault(.inputOutput, "simulated: \(name) is stuck") }
    } catch {
      // The dirty pages are marked clean: they read back and never reach the disk.
      if !isDead { files[name]?.dirty.removeAll() }
      throw error
    }
    for write in try file(name).dirty {
      Self.apply(write, to: &files[name, default: File()].durable)
    }
    files[name]?.dirty.removeAll()
  }

  public func synchronizeDirectory() throws(VolumeFault) {
    try begin("sync directory")
    for name in files.keys { files[name]?.isNameDurable = true }
    removedButDurable.removeAll()
  }

  public func truncate(_ name: String, to size: Int64) throws(VolumeFault) {
    try begin("truncate \(name) to \(size)")
    try open(name)
    put(Write(offset: Int(size), bytes: []), in: name)
  }

  public func remove(_ name: String) throws(VolumeFault) {
    try begin("remove \(name)")
    let file = try file(name)
    if file.isNameDurable { removedButDurable[name] = file }
    files[name] = nil
    close(name)
  }

  public func makeReadOnly(_ name: String) throws(VolumeFault) {
    try begin("read-only \(name)")
    _ = try file(name)
    files[name]?.isReadOnly = true
  }

  public func close(_ name: String) { openNames.remove(name) }

  public func freeBytes() throws(VolumeFault) -> Int64 {
    try begin("free")
    return Int64(max(0, capacity - usedBytes))
  }
}
