import Foundation
import Glibc

/// Where this machine keeps PostgreSQL's programs, and as whom they may run.
struct PostgresInstallation: Sendable {
  /// The directory of `postgres`, `initdb` and `pg_ctl`.
  let programs: String
  /// PostgreSQL refuses to run as root: then it runs as this user.
  let user: (name: String, id: uid_t, group: gid_t)?

  /// Looks for the newest PostgreSQL on this machine.
  ///
  /// - Throws: `RealPartFault` if there is none: a missing part fails a run.
  static func find() throws -> PostgresInstallation {
    try PostgresInstallation(programs: findPrograms(), user: findUser())
  }

  /// The command line that runs one of the programs as somebody who may.
  func words(_ program: String, _ arguments: [String]) -> [String] {
    let command = ["\(programs)/\(program)"] + arguments
    guard let user else { return command }
    return ["setpriv", "--reuid=\(user.name)", "--regid=\(user.name)", "--init-groups"] + command
  }

  private static func findPrograms() throws -> String {
    let debian = "/usr/lib/postgresql"
    let versions = (try? FileManager.default.contentsOfDirectory(atPath: debian)) ?? []
    let places =
      versions.compactMap { Int($0) }.sorted(by: >).map { "\(debian)/\($0)/bin" }
      + ["/usr/local/pgsql/bin", "/usr/local/bin", "/usr/bin"]
    let place = places.first { place in
      ["postgres", "initdb", "pg_ctl"].allSatisfy {
        FileManager.default.isExecutableFile(atPath: "\(place)/\($0)")
      }
    }
    guard let place else {
      throw RealPartFault("no PostgreSQL server on this machine: run scripts/install --tests")
    }
    return place
  }

  private static func findUser() throws -> (name: String, id: uid_t, group: gid_t)? {
    guard geteuid() == 0 else { return nil }
    for name in ["postgres", "nobody"] {
      // The only caller, before any cluster exists: getpwnam's shared buffer is safe here.
      guard let entry = getpwnam(name)?.pointee else { continue }
      return (name, entry.pw_uid, entry.pw_gid)
    }
    throw RealPartFault("neither user postgres nor nobody exists; PostgreSQL will not run as root")
  }
}
