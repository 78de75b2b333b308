import BankCore

/// Finds an entry in all segments that are kept, of every terminal in the directory. What is settled
/// is not kept in memory, and yet its id is known for ever.
public enum LedgerSearch {
  private static let chunkByteCount = 1 << 20

  /// The entry with that id, as the ledger that holds it knows it now; also one that had the id in an
  /// old copy, from which it was taken over.
  ///
  /// The segments are searched for the bytes of the id; only a ledger that holds them is read whole.
  ///
  /// - Parameter own: whose ledger must be readable. One of another terminal that is not is passed
  ///   over: its writer says so itself.
  /// - Throws: `LedgerFault`, when this terminal's own segments cannot be read.
  public static func entry(
    _ id: EntryID, own: TerminalName, on volume: any Volume
  ) throws(LedgerFault) -> LedgerEntry? {
    let names: [String]
    do { names = try volume.fileNames() } catch { throw .volume(error) }
    // Its own ledger first: it answers most questions.
    let terminals = LedgerNames.terminals(among: names).filter { $0 != own }
    for terminal in [own] + terminals {
      do throws(LedgerFault) {
        if let known = try entry(id, of: terminal, isTold: terminal != own, names, volume) {
          return known
        }
      } catch {
        if terminal == own { throw error }
      }
    }
    return nil
  }

  private static func entry(
    _ id: EntryID, of terminal: TerminalName, isTold: Bool, _ names: [String],
    _ volume: any Volume
  ) throws(LedgerFault) -> LedgerEntry? {
    // An entry's own id, or the one that it replaces.
    let wanted = Array("\"\(id)\"".utf8)
    var isThere = false
    do throws(VolumeFault) {
      for name in names where LedgerNames(terminal).segmentNumber(name) != nil && !isThere {
        isThere = try holds(wanted, name, volume)
      }
    } catch {
      throw .volume(error)
    }
    guard isThere else { return nil }
    let state = try LedgerReading(
      of: terminal, on: volume, scope: .everything, isTold: isTold
    ).state
    return state[id] ?? state.adopted(id)
  }

  /// Whether the file holds those bytes; it is read in pieces that overlap.
  private static func holds(
    _ wanted: [UInt8], _ name: String, _ volume: any Volume
  ) throws(VolumeFault) -> Bool {
    var offset: Int64 = 0
    while true {
      let chunk = try volume.read(name, from: offset, count: chunkByteCount)
      if contains(wanted, in: chunk) { return true }
      guard chunk.count == chunkByteCount else { return false }
      offset += Int64(chunk.count - wanted.count + 1)
    }
  }

  private static func contains(_ wanted: [UInt8], in bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBytes { bytes in
      wanted.withUnsafeBytes { wanted in
        // The ids differ most in their end: most places are passed over with one look.
        let last = wanted.count - 1
        let mark = wanted[last - 1]
        var place = last
        while place < bytes.count {
          if bytes[place - 1] == mark {
            var matches = true
            for index in 0...last where bytes[place - last + index] != wanted[index] {
              matches = false
              break
            }
            if matches { return true }
          }
          place += 1
        }
        return false
      }
    }
  }
}
