import Branch
import Files
import Foundation
import Host
import Logging

// A reader that goes away (`daybook journal | head`) must not end an entry halfway: writing then
// fails quietly instead.
signal(SIGPIPE, SIG_IGN)
// A file that may not grow any further is an error like a full disk, for the log as for the ledger.
signal(SIGXFSZ, SIG_IGN)
Standard.holdPlaces()
// Nothing of the log may stand among the words for people on standard error.
LoggingSystem.bootstrap { label in LogFileHandler(label: label) }
let words = Array(CommandLine.arguments.dropFirst())
// Before anything waits: the queues behind `await` need open files of their own, and trap without.
if let hindrance = ProcessCare.begin() { _exit(Program.refuse(words, hindrance)) }
// Before the first word with OpenSSL, and before there is a second thread.
LibraryFile.removeVariables()
let status = await Program.run(words)
ProcessLog().ended(status)
// Not `exit`: it lets OpenSSL take its tables away while a thread of ours may still be inside
// libpq, waiting for a server that does not answer. The process would end with a signal after the
// receipt was told. Everything that must be kept is kept by now, and the terminal is given back.
fflush(nil)
_exit(status)
