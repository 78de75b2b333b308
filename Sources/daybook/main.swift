import Foundation

// A reader that goes away (`daybook journal | head`) must not end an entry halfway: writing then
// fails quietly instead.
signal(SIGPIPE, SIG_IGN)
exit(await Program.run(Array(CommandLine.arguments.dropFirst())))
