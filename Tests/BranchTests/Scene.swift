import BankCore
import BankService
import BankTesting
import Branch
import Foundation
import Settings
import Synchronization

/// A till in a folder of its own: its configuration, its state, and banks in memory behind the
/// addresses of servers.
final class Scene: Sendable {
  let folder: String
  let adapters = SimulatedAdapters()

  init() throws {
    folder = NSTemporaryDirectory() + "daybook-branch-\(UUID().uuidString.lowercased())"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  var state: String { "\(folder)/state" }
  var configuration: String { "\(folder)/config.yaml" }

  /// Nothing of the machine that runs the tests: no environment, no home of its user.
  var surroundings: Surroundings {
    Surroundings(environment: ["HOME": folder], workingDirectory: folder, loginName: "ana")
  }

  var options: CallOptions {
    CallOptions(config: configuration, state: state, terminal: "till-1")
  }

  func workplace(database: String? = nil) throws -> Workplace {
    var options = options
    if !FileManager.default.fileExists(atPath: configuration) { options.config = nil }
    options.database = database
    return Workplace(try options.settings(surroundings), surroundings, adapters)
  }

  @discardableResult
  func write(_ text: String, _ name: String = "config.yaml") throws -> String {
    let path = "\(folder)/\(name)"
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return path
  }

  func read(_ name: String = "config.yaml") -> String? {
    try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
  }
}

/// Banks in memory, one for each server's address; whoever looks at one finds it as it is.
final class SimulatedAdapters: BankAdapters {
  private let banks = Mutex<[String: SimulatedStore]>([:])
  /// The bank in the local copy, by the copy's path.
  let copies = Mutex<[String: BankIdentity]>([:])

  func bank(_ address: String) -> SimulatedStore {
    banks.withLock { banks in
      if let known = banks[address] { return known }
      let store = SimulatedStore(endpoint: address)
      banks[address] = store
      return store
    }
  }

  func bankFile(at path: String, schemaFolder: String) -> any Store { bank(path) }
  func bankServer(at address: String, schemaFolder: String) -> any Store { bank(address) }
  func fileProbes(at path: String, remembering memory: TillMemory?) -> [any ConnectionProbe] {
    [SimulatedProbe(store: bank(path), place: path)]
  }
  func serverProbes(at address: String, remembering memory: TillMemory?) -> [any ConnectionProbe] {
    [SimulatedProbe(store: bank(address), place: address)]
  }
  func mayBeSame(_ address: String, _ other: String) -> Bool { address == other }
  func copiedBank(in file: String) async -> BankIdentity? { copies.withLock { $0[file] } }
}

/// Looks at a bank in memory: whether it answers, and who it is.
struct SimulatedProbe: ConnectionProbe {
  let store: SimulatedStore
  let place: String

  func look(_ layer: Layer, within milliseconds: Int) async -> LayerFinding {
    do throws(StoreFault) {
      let greeting = try await store.greet(
        Identifier(high: 1, low: 1), fresh: true)
      return layer == .wrongBank ? .bank(greeting.bank, greeting.bank.name) : .pass("fine")
    } catch {
      return .fail(error)
    }
  }

  func close() async {}
}
