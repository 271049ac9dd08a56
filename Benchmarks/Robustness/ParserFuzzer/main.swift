import CLibFuzzer
import Glibc

// Coverage-guided fuzzing of one parser, which FUZZ_PARSER names; the arguments are libFuzzer's.
// `Benchmarks/Robustness/parsers` builds it and runs it on each.

let name = getenv("FUZZ_PARSER").map { String(cString: $0) } ?? ""
guard let chosen = Parsers.all[name] else {
  fputs("FUZZ_PARSER is one of: \(Parsers.all.keys.sorted().joined(separator: " "))\n", stderr)
  exit(2)
}
nonisolated(unsafe) let parse = chosen

var count = CommandLine.argc
var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
exit(
  LLVMFuzzerRunDriver(&count, &arguments) { data, size in
    parse(Array(UnsafeBufferPointer(start: data, count: size)))
    return 0
  }
)
