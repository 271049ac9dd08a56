import ArgumentParser
import Pipeline
import SystemPackage

/// `leaktrace ads`.
struct AdsCommand: LeakTraceCommand {
  static let configuration = CommandConfiguration(
    commandName: "ads",
    abstract: "Find the gambling ads burned into films, known or unknown, and say who placed them.",
    discussion: """
      Works on any film. Where the library has the film, ads are told by what it does not explain; \
      where it has not, or where there is no library, by what stays while the film changes. Brands \
      are those of `leaktrace brand`. `leaktrace match` finds the same ads, and says more of the \
      film. No ads is a normal answer, with exit status 1.

      EXAMPLES
        leaktrace ads unknown.mp4
        leaktrace ads --json incoming/ > ads.jsonl
        leaktrace ads --pictures evidence/ --no-record unknown.mp4

      \(ExitStatus.help)
      """
  )

  @OptionGroup var options: LibraryOptions
  @OptionGroup var work: WorkOptions
  @OptionGroup var adOptions: AdOptions
  @OptionGroup var isolation: IsolationOptions

  @Argument(help: ArgumentHelp("Films, and folders of films.", valueName: "file"))
  var files: [PathArgument]

  func run(_ interruption: Interruption) throws -> ExitStatus {
    let store = try Self.store(at: options.path)
    let ads = try AdWork(options.path, adOptions)
    guard let catalogue = ads.catalogue else {
      throw PipelineError(
        .usage,
        code: "no_recognition",
        "without Tesseract and without logos of brands no ad can be recognised"
      )
    }
    let inputs = InputCollector.expand(files.map(\.path))
    let (threads, policy, flag) = (work.threads, isolation.policy(), interruption.flag)
    let meter = ProgressMeter("looking", count: inputs.count, style: work.progress)
    var style = AnswerQueue.Style(
      isHit: { !($0.ads ?? []).isEmpty },
      lines: { AdText.answer($0, $1) }
    )
    if options.json { style.json = { try? JSONDocument.line(AdsReport($0)) } }
    let answers = AnswerQueue(count: inputs.count, style: style)
    WorkerPool.run(count: inputs.count, jobs: work.jobs(for: inputs.count)) { index in
      let input = inputs[index]
      do {
        try flag.check()
        if let error = input.error { throw error }
        let result = try MatchCommand.examine(input.path) {
          try LeakMatcher(
            store,
            ads: catalogue,
            threads: threads,
            isolation: policy,
            flag: flag
          )
        } progress: {
          meter.update(index, $0)
        }
        var report = result.report
        let complaint = ads.keep(result, of: input.path, in: &report)
        let cause = result.complaint ?? complaint
        answers.give(index, .init(path: input.path, report: report, cause: cause))
      } catch {
        let cause = PipelineError(error)
        let report = MatchReport(path: input.path, status: .failed, error: cause)
        answers.give(index, .init(path: input.path, report: report, cause: cause))
      }
      meter.finish(index)
    }
    meter.end()
    ads.finish()
    return answers.status
  }

  /// The library, where there is one with releases.
  private static func store(at path: FilePath) throws -> ReferenceStore? {
    do throws(PipelineError) {
      let store = try ReferenceStore(at: path, forWriting: false)
      return try store.records().isEmpty ? nil : store
    } catch {
      guard error.code == "library_not_found" else { throw error }
      return nil
    }
  }
}
