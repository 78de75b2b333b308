/// C01 to C04: before anything is sent.
extension FaultKind {
  public static let addressUnreadable = FaultKind(
    "address-unreadable", .unparsable,
    cause: "The database address cannot be read as one.",
    fix: "Write postgres://USER@HOST:PORT/DATABASE; encode @ : / ? # % in a user or a password "
      + "(@ is %40). It is better to keep the password in ~/.pgpass.",
    mistakenFor: "a wrong host, or a name server that is down")

  public static let nothingConfigured = FaultKind(
    "nothing-configured", .valueMissing,
    cause:
      "No database is configured, and this till does not belong to the embedded bank.",
    fix: "Set database: in the configuration, DAYBOOK_DATABASE or --database. "
      + "Run daybook config show to see what is set where.",
    mistakenFor: "a server that is down")
  public static let serviceMissing = FaultKind(
    "service-missing", .valueMissing,
    cause: "The address names a service that no service file defines.",
    fix: "Define it as [NAME] in ~/.pg_service.conf, or unset service= or PGSERVICE.",
    mistakenFor: "a server that is down")
  public static let valueFromElsewhere = FaultKind(
    "value-from-elsewhere", .valueMissing,
    cause: "A value that the address leaves out comes from a PG* variable or a service file.",
    fix: "Write the value into the address, or unset the variable.",
    mistakenFor: "a server that is down, or a wrong password")
  public static let valueUnusable = FaultKind(
    "value-unusable", .valueMissing,
    cause: "The address, a variable or a line of a service file holds something that cannot be "
      + "used there.",
    fix: "Correct or remove that value. Run daybook config show to see where values come from.",
    mistakenFor: "a server that is down")
  public static let valueNotWritten = FaultKind(
    "value-not-written", .valueMissing,
    cause: "This value is not set, so the default of the client library was used.",
    fix: "Write host, port, database and user into the address.",
    mistakenFor: "a server that is down, or a database that was lost")

  public static let passwordMissing = FaultKind(
    "password-missing", .secretMissing,
    cause: "The server asks for a password, and none is configured.",
    fix:
      "Put a line HOST:PORT:DATABASE:USER:PASSWORD into ~/.pgpass, then run chmod 600 ~/.pgpass.",
    mistakenFor: "a wrong password")
  public static let passwordFileMissing = FaultKind(
    "password-file-missing", .secretMissing,
    cause: "The password file that PGPASSFILE or passfile= names does not exist.",
    fix: "Correct PGPASSFILE or passfile=. Without them, ~/.pgpass is used.",
    mistakenFor: "a wrong password")
  public static let passwordFileIgnored = FaultKind(
    "password-file-ignored", .secretMissing,
    cause: "The password file is ignored: other users can read it, or this user cannot.",
    fix: "Run chmod 600 ~/.pgpass (or the file that PGPASSFILE names).",
    mistakenFor: "a wrong password")
  public static let passwordFileHasNoEntry = FaultKind(
    "password-file-has-no-entry", .secretMissing,
    cause: "The password file has no line for this host, port, database and user.",
    fix: "Write the host there exactly as in the address: localhost and 127.0.0.1 are two hosts.",
    mistakenFor: "a wrong password")

  public static let unknownName = FaultKind(
    "unknown-name", .nameLookup,
    cause: "No host has that name.",
    fix: "Correct the host in the address. Run getent hosts NAME to test it.",
    mistakenFor: "a slow or stopped server")
  public static let nameServerSilent = FaultKind(
    "name-server-silent", .nameLookup,
    cause: "The name servers do not answer, so no name can be looked up.",
    fix: "Check /etc/resolv.conf and the VPN; until then use the host's numeric address.",
    mistakenFor: "a slow server")
}

/// C05 to C07: the way there.
extension FaultKind {
  public static let nothingListens = FaultKind(
    "nothing-listens", .connect,
    cause: "The machine answers, and nothing listens at that port: the server is stopped, or the "
      + "port is wrong.",
    fix: "Start the server (systemctl start postgresql), or correct the port in the address.",
    mistakenFor: "an overloaded server, or a firewall")
  public static let socketMissing = FaultKind(
    "socket-missing", .connect,
    cause: "No server has its socket in that directory.",
    fix: "Start the server, or correct the directory or the port; unix_socket_directories says "
      + "where the server puts it.",
    mistakenFor: "missing rights")
  public static let noAnswer = FaultKind(
    "no-answer", .connect,
    cause: "Nothing answers there: a firewall drops the packets, or the machine is off.",
    fix: "Check the VPN, the firewall, and that the machine runs.",
    mistakenFor: "an overloaded server")
  public static let noRoute = FaultKind(
    "no-route", .connect,
    cause: "The network says that it cannot reach that machine.",
    fix: "Check that the machine runs, and the address.",
    mistakenFor: "a stopped server")
  public static let noNetwork = FaultKind(
    "no-network", .connect,
    cause: "This machine has no network that leads there.",
    fix: "Connect the cable, the wireless network or the VPN.",
    mistakenFor: "a stopped server")
  public static let forbiddenHere = FaultKind(
    "forbidden-here", .connect,
    cause: "This machine itself does not allow the connection.",
    fix: "Look at its firewall's outgoing rules, or at the rights of the socket's directory.",
    mistakenFor: "a wrong password")
  public static let closedAtOnce = FaultKind(
    "closed-at-once", .connect,
    cause: "The connection is accepted and closed at once: the server is stopping, or a proxy "
      + "has no server behind it.",
    fix: "Wait a moment and try again. If it lasts, check the port and the proxy's log.",
    mistakenFor: "a crash of the server")
  public static let connectionLost = FaultKind(
    "connection-lost", .connect,
    cause: "The connection was lost.",
    fix: "Wait a moment. If it does not come back, check the server's log and the network.",
    mistakenFor: "a crash of Daybook")
  public static let fileUnreadable = FaultKind(
    "file-unreadable", .connect,
    cause: "This user may not open the bank's file, or its folder.",
    fix: "Give the user who runs Daybook the right to read and write it: chown USER FILE.",
    mistakenFor: "a lost bank")

  public static let fileLinkBroken = FaultKind(
    "file-link-broken", .connect,
    cause: "The bank's file is a link to something that does not exist.",
    fix:
      "Mount the disk or restore the file that the link leads to. Daybook creates nothing in its"
      + " place.",
    mistakenFor: "a bank that does not exist yet")

  public static let fileNotOrdinary = FaultKind(
    "file-not-ordinary", .connect,
    cause: "A pipe, a device or a socket is in the place of the bank's file.",
    fix: "Correct the path, or remove what is there.",
    mistakenFor: "a broken disk")

  public static let otherService = FaultKind(
    "other-service", .notThisService,
    cause: "Something other than PostgreSQL listens at that port.",
    fix: "Correct the port in the address; PostgreSQL's own is usually 5432.",
    mistakenFor: "a fault of the encryption, or a crash of the server")
  public static let silentService = FaultKind(
    "silent-service", .notThisService,
    cause: "The port accepts connections and says nothing: the server is frozen, or it is another "
      + "service.",
    fix: "Check the port. If it is right, check the server's machine: load, disk, stopped "
      + "processes.",
    mistakenFor: "a firewall")
  public static let silentAhead = FaultKind(
    "silent-ahead", .notThisService,
    cause: "A host or address earlier in the list accepts connections and says nothing. Each new "
      + "connection waits for it.",
    fix: "Start the server there, or remove it from the address. If it is one of several "
      + "addresses of a host name, remove it from that name's DNS entry.",
    mistakenFor: "a slow server")
  public static let notSQLite = FaultKind(
    "not-sqlite", .notThisService,
    cause: "The file is not an SQLite file.",
    fix: "Correct the path in the address.",
    mistakenFor: "a damaged bank")

  public static let noEncryption = FaultKind(
    "no-encryption", .encryption,
    cause: "The address or PGSSLMODE demands encryption, and the server has none.",
    fix: "Turn ssl on at the server. Lower sslmode only where the network is yours.",
    mistakenFor: "a network fault")
  public static let authorityFileMissing = FaultKind(
    "authority-file-missing", .encryption,
    cause: "The file with the certificate authority is missing or cannot be read.",
    fix: "Put the authority's certificate into ~/.postgresql/root.crt, or name it with "
      + "sslrootcert=FILE.",
    mistakenFor: "an expired certificate")
  public static let certificateForOtherName = FaultKind(
    "certificate-for-other-name", .encryption,
    cause: "The server's certificate is for another name than the address uses.",
    fix: "Use the name in the certificate as the host, or get a certificate for this name.",
    mistakenFor: "a network fault")
  public static let certificateExpired = FaultKind(
    "certificate-expired", .encryption,
    cause: "The server's certificate is out of date: it has expired, or is not valid yet.",
    fix:
      "Renew the certificate and reload the server. openssl s_client -starttls postgres "
      + "-connect HOST:PORT shows its dates. If the dates are right, set this machine's clock.",
    mistakenFor: "an authority that is not trusted, or a wrong password")
  public static let certificateNotTrusted = FaultKind(
    "certificate-not-trusted", .encryption,
    cause: "The server's certificate is signed by an authority that is not trusted here.",
    fix: "Name the file of the authority that signed it: sslrootcert=FILE. openssl s_client "
      + "-starttls postgres -connect HOST:PORT shows who signed it.",
    mistakenFor: "an expired certificate")
  public static let clientCertificateUnusable = FaultKind(
    "client-certificate-unusable", .encryption,
    cause: "The certificate of this client, or its key, cannot be used.",
    fix: "Correct the file, or name another with sslcert=FILE and sslkey=FILE; the key needs "
      + "chmod 600.",
    mistakenFor: "a wrong access rule, or a server going down")
  public static let encryptionDemanded = FaultKind(
    "encryption-demanded", .encryption,
    cause: "The other side demands encryption, and this connection has none.",
    fix: "Use sslmode=require, or verify-full with the authority's file.",
    mistakenFor: "a wrong password")
  public static let encryptionFailed = FaultKind(
    "encryption-failed", .encryption,
    cause: "No encrypted connection could be made.",
    fix: "Compare sslmode and the TLS versions on both sides. The server's log has the reason.",
    mistakenFor: "a network fault")
}
