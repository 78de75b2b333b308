/// C08 to C13: what the server says before it lets anybody in.
extension FaultKind {
  public static let serverNotReady = FaultKind(
    "not-ready", .notReady,
    cause: "The server is starting, shutting down or recovering.",
    fix:
      "Wait; do not edit the configuration. If it lasts, the server's log says why. "
      + "A standby with hot_standby = off never opens: name the primary instead.",
    mistakenFor: "a wrong configuration")
  public static let standbyClosed = FaultKind(
    "standby-closed", .notReady,
    cause: "The server is a standby that accepts no login: its hot_standby is off.",
    fix: "Name the primary's host in the address. Waiting does not help: this server stays closed "
      + "until it is promoted.",
    mistakenFor: "a server that is starting")
  public static let outOfMemory = FaultKind(
    "out-of-memory", .notReady,
    cause: "The server has no memory left.",
    fix: "Free memory on the server's machine; end sessions that need much of it.",
    mistakenFor: "a fault of Daybook")
  public static let loginUnanswered = FaultKind(
    "login-unanswered", .notReady,
    cause: "The server answers the first greeting and then does not finish the login.",
    fix: "Check the load and the disk of the server's machine. Behind a pooler, read its log: it "
      + "may be waiting for its own server.",
    mistakenFor: "a wrong password")

  public static let noFreeSlot = FaultKind(
    "no-slots", .noSlots,
    cause: "All connections that the server allows are taken.",
    fix: "End sessions that nobody needs (pg_stat_activity shows them), raise max_connections, or "
      + "put a pooler in front.",
    mistakenFor: "a network fault, or a fault of Daybook")
  public static let roleLimit = FaultKind(
    "role-limit", .noSlots,
    cause: "This role or this database has all the connections that it may have.",
    fix:
      "Run ALTER ROLE name CONNECTION LIMIT n, or the same for DATABASE. Each till needs up to six. "
      + "Sessions of that role may be the till's own.",
    mistakenFor: "a full server")
  public static let fewSessions = FaultKind(
    "few-sessions", .noSlots,
    cause: "The role, the database, the server or a pooler has room for fewer sessions than a till "
      + "needs.",
    fix:
      "Leave room for six sessions of each till. Run ALTER ROLE name CONNECTION LIMIT n, or the same "
      + "for DATABASE, or raise max_connections, or pool_size in the pooler.",
    mistakenFor: "a network fault, when the console loses its bank under load")

  public static let noAccessRule = FaultKind(
    "no-access-rule", .accessRule,
    cause: "The server's pg_hba.conf has no rule for this role, database, address and "
      + "encryption.",
    fix: "Use sslmode=require if the rule wants encryption, or add a line for this till to "
      + "pg_hba.conf and reload the server.",
    mistakenFor: "a wrong password")

  public static let loginRefused = FaultKind(
    "login-refused", .login,
    cause:
      "The server refuses the login: wrong password, unknown role, or a role that has expired.",
    fix:
      "Enter the password again. Check the role's name and VALID UNTIL. Do not try often: that may "
      + "lock the role.",
    mistakenFor: "a server that is down")
  public static let loginNotAllowed = FaultKind(
    "login-not-allowed", .login,
    cause: "This role may not log in, or not in that way.",
    fix: "Run ALTER ROLE name LOGIN, or use the method that pg_hba.conf wants for the role.",
    mistakenFor: "a wrong password")

  public static let clientCertificateDemanded = FaultKind(
    "client-certificate-demanded", .login,
    cause: "The server demands a certificate of this client, and got none that it accepts.",
    fix: "Name one that the server's authority has signed for this role: sslcert=FILE sslkey=FILE "
      + "sslmode=require.",
    mistakenFor: "a wrong password, or a wrong access rule")
  public static let channelBindingImpossible = FaultKind(
    "channel-binding-impossible", .login,
    cause: "The address demands channel binding, and this login method has none.",
    fix: "Set channel_binding=prefer. Otherwise encryption must reach the server, and the password "
      + "must be stored as scram-sha-256.",
    mistakenFor: "a server going down")

  public static let databaseMissing = FaultKind(
    "no-such-database", .noSuchDatabase,
    cause: "The server has no database of that name.",
    fix: "Correct the database in the address; left out, the role's name is used.",
    mistakenFor: "missing rights, or lost data")
  public static let databaseForbidden = FaultKind(
    "database-forbidden", .noSuchDatabase,
    cause: "The role may not connect to that database.",
    fix: "Run GRANT CONNECT ON DATABASE name TO role.",
    mistakenFor: "a wrong password")
  public static let databaseClosed = FaultKind(
    "database-closed", .noSuchDatabase,
    cause: "The database exists, but it accepts no connections.",
    fix: "As a superuser, in another database, run ALTER DATABASE name ALLOW_CONNECTIONS true.",
    mistakenFor: "a stopped server, or a wrong password")
  public static let loginTrigger = FaultKind(
    "login-trigger", .noSuchDatabase,
    cause: "Something that the database does at each login, such as a login trigger, raises an "
      + "error.",
    fix: "As a superuser, with PGOPTIONS='-c event_triggers=off': ALTER EVENT TRIGGER name "
      + "DISABLE; SELECT evtname FROM pg_event_trigger WHERE evtevent = 'login' names them.",
    mistakenFor: "a server going down, or a wrong password")
  public static let fileMissing = FaultKind(
    "file-missing", .noSuchDatabase,
    cause: "No bank's file is at that path.",
    fix: "Correct the path, or run daybook init to create a bank there.",
    mistakenFor: "lost data")

  public static let unknownSetting = FaultKind(
    "unknown-setting", .startOptions,
    cause: "The server does not know a start option that the address asks for.",
    fix: "Remove it from options= or PGOPTIONS, or correct its name or value.",
    mistakenFor: "a fault of Daybook")
  public static let wrongEncoding = FaultKind(
    "wrong-encoding", .startOptions,
    cause: "The database cannot store every name: its encoding is not UTF8.",
    fix: "Create the database again with ENCODING 'UTF8'.",
    mistakenFor: "a fault of Daybook")
}

/// C14 to C23: inside.
extension FaultKind {
  public static let anotherBank = FaultKind(
    "another-bank", .wrongBank,
    cause: "The bank that answers there is not the bank of this till.",
    fix:
      "Correct the address, or run daybook config rollback. Only if the till really changes banks, "
      + "give it another --state.",
    mistakenFor: "vanished data")
  public static let olderDatabase = FaultKind(
    "older-database", .wrongBank,
    cause: "It is an older copy of the right bank: entries that it has acknowledged are missing.",
    fix: "Correct the address if it leads to a copy. If the bank was restored from a backup, a "
      + "supervisor runs daybook heal --plan, then daybook heal.",
    mistakenFor: "lost entries")
  public static let otherProgramsFile = FaultKind(
    "other-programs-file", .wrongBank,
    cause: "The file belongs to another program.",
    fix: "Correct the path in the address.",
    mistakenFor: "a damaged bank")

  public static let schemaMissing = FaultKind(
    "schema-missing", .schema,
    cause: "The database has no tables of Daybook.",
    fix: "Check that it is the right database; if it is, run daybook init.",
    mistakenFor: "a fault of Daybook")
  public static let bankMissing = FaultKind(
    "bank-missing", .schema,
    cause: "The tables exist, but no bank is in them.",
    fix: "Check that it is the right database; if it is, run daybook init.",
    mistakenFor: "vanished data")
  public static let schemaOlder = FaultKind(
    "schema-older", .schema,
    cause: "The database's schema is older than this version of Daybook needs.",
    fix: "Run daybook init to upgrade it.",
    mistakenFor: "a fault of Daybook")
  public static let schemaNewer = FaultKind(
    "schema-newer", .schema,
    cause: "The database's schema is newer than this version of Daybook knows.",
    fix: "Upgrade Daybook on this machine.",
    mistakenFor: "a fault of Daybook")
  public static let schemaUnreadable = FaultKind(
    "schema-unreadable", .schema,
    cause: "A table or a column is not what this version of Daybook knows.",
    fix: "Compare the schema with data/schema; somebody has changed it by hand.",
    mistakenFor: "a fault of Daybook")
  public static let fileDamaged = FaultKind(
    "file-damaged", .schema,
    cause: "The bank's file is damaged.",
    fix: "Keep a copy, restore the newest backup, then run daybook heal --plan.",
    mistakenFor: "a locked file")
  public static let integrityUnchecked = FaultKind(
    "integrity-unchecked", .schema,
    cause: "The file is too large to be checked within the doctor's time.",
    fix: "Run sqlite3 FILE 'PRAGMA quick_check' while nothing is being entered.",
    mistakenFor: "a damaged bank")

  public static let rightsMissing = FaultKind(
    "rights-missing", .privileges,
    cause: "The role lacks rights that Daybook needs.",
    fix: "Have the owner of the tables grant them.",
    mistakenFor: "a fault of Daybook")

  public static let rowsHidden = FaultKind(
    "rows-hidden", .privileges,
    cause: "Row security applies to this role: rows of the books may be hidden from it.",
    fix: "ALTER TABLE name DISABLE ROW LEVEL SECURITY (NO FORCE where the role owns it), or let "
      + "Daybook use a role with BYPASSRLS.",
    mistakenFor: "an account that does not exist, or an empty bank")

  public static let standby = FaultKind(
    "standby", .readOnly,
    cause: "The server is a standby: it can only be read.",
    fix: "Use the primary's host, or name all hosts with target_session_attrs=read-write.",
    mistakenFor: "missing rights")
  public static let readOnlySessions = FaultKind(
    "read-only-sessions", .readOnly,
    cause: "The server, the database or the role is set to read-only.",
    fix: "ALTER ROLE name RESET default_transaction_read_only, or the same for DATABASE or SYSTEM.",
    mistakenFor: "missing rights")
  public static let wrongKindOfServer = FaultKind(
    "wrong-kind-of-server", .readOnly,
    cause: "The server is not of the kind that target_session_attrs asks for.",
    fix: "Name the primary among the hosts, or correct target_session_attrs.",
    mistakenFor: "missing rights")
  public static let readOnlyFile = FaultKind(
    "read-only-file", .readOnly,
    cause: "The bank's file, its folder or its disk can only be read.",
    fix: "chmod u+w FILE and its folder, or mount the disk for writing.",
    mistakenFor: "a full disk")

  public static let readBlocked = FaultKind(
    "read-blocked", .readProbe,
    cause: "Another session holds a lock that keeps everybody from reading.",
    fix: "End the transaction of that session. The session is named above.",
    mistakenFor: "a network fault")
  public static let readSlow = FaultKind(
    "read-slow", .readProbe,
    cause: "The login works, but reading takes too long.",
    fix: "Check the server's load, its disk, and what else runs (pg_stat_activity).",
    mistakenFor: "a network fault")

  public static let writeBlocked = FaultKind(
    "write-blocked", .writeProbe,
    cause: "Another session holds a lock that keeps everybody from writing.",
    fix: "End the transaction of that session. The session is named above.",
    mistakenFor: "a network fault")
  public static let writeSlow = FaultKind(
    "write-slow", .writeProbe,
    cause: "Reading works, but writing takes too long.",
    fix: "Check the disk of the server and, with synchronous replication, its standby.",
    mistakenFor: "a network fault")
  public static let writeRejected = FaultKind(
    "write-rejected", .writeProbe,
    cause: "The tables reject, drop or change a line as Daybook writes it.",
    fix: "Disable the trigger, rule or constraint that somebody has added by hand. Compare the "
      + "schema with data/schema.",
    mistakenFor: "missing rights")
  public static let standbyMissing = FaultKind(
    "standby-missing", .writeProbe,
    cause: "Every COMMIT waits for a standby that does not answer.",
    fix: "Start the standby that synchronous_standby_names asks for. Without it: ALTER SYSTEM SET "
      + "synchronous_standby_names = ''; SELECT pg_reload_conf();",
    mistakenFor: "a lock, or a slow disk")
  public static let numbersUsedUp = FaultKind(
    "transaction-numbers-used-up", .writeProbe,
    cause: "The server has used up its transaction numbers. It accepts none until it is vacuumed.",
    fix: "Roll back prepared transactions (pg_prepared_xacts) and end old sessions; then, as a "
      + "superuser, VACUUM in every database: vacuumdb --all.",
    mistakenFor: "a schema that was changed by hand")
  public static let commitsNotDurable = FaultKind(
    "commits-not-durable", .writeProbe,
    cause: "A setting lets the server say COMMIT before the entry is safely on its disk.",
    fix: "Turn synchronous_commit, fsync and full_page_writes on.",
    mistakenFor: "a database that was restored from a backup, once it has lost entries")

  public static let fullDisk = FaultKind(
    "disk-full", .diskFull,
    cause: "The disk with the books is full; reading still works.",
    fix: "Free room on that disk, or enlarge it. Delete nothing of the books by hand.",
    mistakenFor: "a fault of Daybook")

  public static let slow = FaultKind(
    "slow", .latency,
    cause: "Answers take so long that entries will often be released undecided.",
    fix: "Check the network to the server, and the server's load.",
    mistakenFor: "an outage")

  public static let clockSkew = FaultKind(
    "clock-skew", .clock,
    cause: "The clocks of this machine and of the server differ.",
    fix: "Let both follow a time server (timedatectl set-ntp true). Otherwise the times of offline "
      + "entries are wrong.",
    mistakenFor: "entries that were made twice")

  public static let poolerWithoutServer = FaultKind(
    "pooler-without-server", .pooler,
    cause: "A pooler answers, but the database behind it does not.",
    fix: "Read the pooler's log, which has the reason. Then repair the server "
      + "behind it.",
    mistakenFor: "a wrong password")
  public static let poolerLoginRefused = FaultKind(
    "pooler-login-refused", .pooler,
    cause: "A pooler answers, but the server behind it refuses the pooler's login.",
    fix: "Correct the role's password in the pooler's auth_file, or the role at the server "
      + "(VALID UNTIL, LOGIN); then RELOAD and RECONNECT in the pooler.",
    mistakenFor: "a wrong password of this till")
  public static let poolerPerTransaction = FaultKind(
    "pooler-per-transaction", .pooler,
    cause: "A pooler gives each transaction another session, so that settings and prepared "
      + "statements get lost or mixed up.",
    fix: "Set pool_mode = session for this database in the pooler.",
    mistakenFor: "a fault of Daybook")
  public static let poolerUnclean = FaultKind(
    "pooler-unclean", .pooler,
    cause: "A pooler reuses sessions in which another client has left settings or statements.",
    fix: "Set server_reset_query = DISCARD ALL in the pooler; then RELOAD and RECONNECT.",
    mistakenFor: "a standby, missing rights, or a fault of Daybook")
}

extension FaultKind {
  /// The whole catalogue, in the order of the layers.
  public static let all: [FaultKind] = [
    addressUnreadable, nothingConfigured, serviceMissing, valueFromElsewhere, valueUnusable,
    valueNotWritten, passwordMissing, passwordFileMissing, passwordFileIgnored,
    passwordFileHasNoEntry, unknownName, nameServerSilent,
    nothingListens, socketMissing, noAnswer, noRoute, noNetwork, forbiddenHere, closedAtOnce,
    connectionLost, fileUnreadable, fileLinkBroken, fileNotOrdinary, otherService, silentService,
    silentAhead, notSQLite, noEncryption,
    authorityFileMissing, certificateForOtherName, certificateExpired, certificateNotTrusted,
    clientCertificateUnusable, encryptionDemanded, encryptionFailed,
    serverNotReady, standbyClosed, outOfMemory, loginUnanswered, noFreeSlot, roleLimit, fewSessions,
    noAccessRule, loginRefused, loginNotAllowed, clientCertificateDemanded,
    channelBindingImpossible,
    databaseMissing, databaseForbidden, databaseClosed, loginTrigger, fileMissing, unknownSetting,
    wrongEncoding, anotherBank, olderDatabase, otherProgramsFile, schemaMissing, bankMissing,
    schemaOlder, schemaNewer, schemaUnreadable, fileDamaged, integrityUnchecked, rightsMissing,
    rowsHidden, standby, readOnlySessions, wrongKindOfServer, readOnlyFile, readBlocked, readSlow,
    writeBlocked, writeSlow, writeRejected, standbyMissing, numbersUsedUp, commitsNotDurable,
    fullDisk, slow, clockSkew, poolerWithoutServer, poolerLoginRefused, poolerPerTransaction,
    poolerUnclean,
  ]
}
