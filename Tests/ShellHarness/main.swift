// A program around the shell for the tests that drive it through a pseudo-terminal.
//
//   shell-dev [HISTORY]      runs the shell with a host of few words
//   shell-dev --ask QUESTION asks outside a shell
//
// The exit status tells how the shell ended.

import Glibc
import LisShell

// The tests ask for the modes that files get in spite of the widest umask.
umask(0)

let arguments = Array(CommandLine.arguments.dropFirst())
if arguments.first == "--ask" {
  let answer = Questioner().ask(arguments.dropFirst().first ?? "? ")
  print("answer \(answer)")
  exit(0)
}

let host = ScriptedHost(portalName: getenv("HARNESS_PORTAL").map { String(cString: $0) } ?? "practice")
let shell = Shell(host: host, historyPath: arguments.first)
host.questioner = shell.questioner
if getenv("HARNESS_CATCHES_SIGTERM") != nil { signal(SIGTERM) { _ in } }
switch shell.run() {
case .endOfInput: exit(0)
case .interrupted: exit(40)
case .signal(let number): exit(50 + number)
case .inputLost: exit(60)
}
