public import SystemPackage

/// A text file for Prometheus' collector of text files, replaced as a whole each time.
public struct MetricsFile: Sendable, Hashable {
  /// The file; its name has to end in `.prom` for the collector to read it.
  public let path: FilePath

  /// Names a file.
  public init(_ path: FilePath) { self.path = path }

  /// Writes what the queue looks like now.
  ///
  /// - Throws: ``PipelineError`` of kind ``PipelineError/Kind/output``.
  public func write(_ status: StatusReport) throws(PipelineError) {
    try OutputFile.write(Array(Self.text(status).utf8), to: path)
  }

  /// The text: the exposition format 0.0.4.
  public static func text(_ status: StatusReport) -> String {
    var text = ""
    func family(
      _ name: String,
      _ kind: String,
      _ help: String,
      _ samples: [(labels: [(String, String)], value: Double)]
    ) {
      text += "# HELP leaktrace_\(name) \(help)\n# TYPE leaktrace_\(name) \(kind)\n"
      for (labels, value) in samples {
        let list = labels.map { "\($0)=\"\(escaped($1))\"" }.joined(separator: ",")
        text += "leaktrace_\(name)\(list.isEmpty ? "" : "{\(list)}") \(number(value))\n"
      }
    }
    let queue = status.queue
    family(
      "jobs",
      "gauge",
      "Leaks by state.",
      [
        ([("state", "waiting")], Double(queue.waiting)),
        ([("state", "running")], Double(queue.running)),
        ([("state", "done")], Double(queue.done)),
        ([("state", "failed")], Double(queue.failed)),
      ]
    )
    family(
      "jobs_delayed",
      "gauge",
      "Leaks that wait for their next attempt.",
      [([], Double(queue.delayed))]
    )
    family(
      "files_unread",
      "gauge",
      "Files that could not be read so far.",
      [([], Double(queue.unread))]
    )
    family("leaks_matched", "gauge", "Leaks that show a release.", [([], Double(queue.matched))])
    family(
      "waiting_bytes",
      "gauge",
      "Bytes of leaks that are not done.",
      [([], Double(queue.waitingBytes))]
    )
    family("film_seconds", "gauge", "Seconds of film done.", [([], status.filmHours * 3600)])
    family(
      "film_hours_per_hour",
      "gauge",
      "Film done in the last hour, for each hour.",
      [([], status.rate)]
    )
    if let left = status.secondsLeft {
      family("seconds_left", "gauge", "Expected time until nothing waits.", [([], left)])
    }
    let labels = status.runners.map { runner in
      [
        ("runner", "\(runner.number)"), ("host", runner.host), ("kind", runner.kind),
        ("pid", "\(runner.pid)"),
      ]
    }
    family(
      "runner_up",
      "gauge",
      "Whether a process that works on the queue is alive and well.",
      zip(labels, status.runners).map { ($0, $1.health == .well ? 1 : 0) }
    )
    family(
      "runner_beat_age_seconds",
      "gauge",
      "Seconds since a process last said that it lives.",
      zip(labels, status.runners).map { ($0, $1.beatAge) }
    )
    family(
      "running_seconds",
      "gauge",
      "Seconds since a leak was taken up.",
      status.running.map { ([("file", $0.path), ("sha256", $0.sha256)], $0.seconds) }
    )
    return text
  }

  /// A label's value: the format's own three escapes, after all that steers a terminal.
  static func escaped(_ value: String) -> String {
    SafeText.of(value).replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
      .replacing("\n", with: "\\n")
  }

  private static func number(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
  }
}
