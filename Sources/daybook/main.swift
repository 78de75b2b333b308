import Foundation
import Logging

// A reader that goes away (`daybook journal | head`) must not end an entry halfway: writing then
// fails quietly instead.
signal(SIGPIPE, SIG_IGN)
// Nothing of the log may stand among the words for people on standard error.
LoggingSystem.bootstrap { _ in SwiftLogNoOpLogHandler() }
exit(await Program.run(Array(CommandLine.arguments.dropFirst())))
