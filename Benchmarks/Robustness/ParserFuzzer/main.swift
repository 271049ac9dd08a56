import CLibFuzzer
import Glibc
import OwnParsers
import SystemPackage

// Coverage-guided fuzzing of one parser, which FUZZ_PARSER names; the arguments are libFuzzer's.
// `Benchmarks/Robustness/parsers` builds it and runs it on each.

let name = getenv("FUZZ_PARSER").map { String(cString: $0) } ?? ""
guard let parser = OwnParsers.all[name] else {
  let names = OwnParsers.all.keys.sorted().joined(separator: " ")
  _ = try? FileDescriptor.standardError.writeAll("FUZZ_PARSER is one of: \(names)\n".utf8)
  exit(2)
}

// A global: libFuzzer's callback has no context to carry it in.
let chosen = parser
var count = CommandLine.argc
var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
exit(
  LLVMFuzzerRunDriver(&count, &arguments) { data, size in
    chosen(Array(UnsafeBufferPointer(start: data, count: size)))
    return 0
  }
)
