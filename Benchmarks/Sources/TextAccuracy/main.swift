import BrandRecognition
import Foundation
import TextReading
import VideoCore

let arguments = CommandLine.arguments
guard arguments.count >= 2 else {
  print("usage: TextAccuracy FOLDER [NAME…]   FOLDER is what Benchmarks/Accuracy/ad-crops wrote")
  exit(2)
}
let folder = URL(fileURLWithPath: arguments[1])
let wanted = Set(arguments.dropFirst(2).filter { !$0.hasPrefix("-") })
let verbose = arguments.contains("-v")
let stacks = try JSONDecoder().decode(
  [CropStack].self,
  from: Data(contentsOf: folder.appendingPathComponent("items.json"))
)
let brands = try Catalogue.read(folder)
let recognizer = try BrandRecognizer(brands)
let logos = LogoRecognizer(brands)
let withText = !arguments.contains("--no-text")
let exhaustive = arguments.contains("--exhaustive")
var logoTimes: [Bool: (seconds: Double, count: Int)] = [:]
var verdicts: [String: [String: Int]] = [:]
func inSeconds(_ duration: Duration) -> Double {
  Double(duration.components.attoseconds) / 1e18 + Double(duration.components.seconds)
}
let reader = try StripReader(OwnPageReader())
var totals: [String: (errors: Int, length: Int)] = [:]
var times: [String: (seconds: Double, count: Int)] = [:]
let clock = ContinuousClock()

for stack in stacks
where wanted.isEmpty || wanted.contains(stack.name) || wanted.contains(stack.type) {
  let planes = try stack.planes(in: folder)
  var lines: [LineReading] = []
  var looks = 1
  let margin = Float(stack.h) * 0.2
  let grownBox = TextBox(
    x: min(0.4, margin / Float(stack.w)),
    y: 0.2,
    width: 1 - 2 * min(0.4, margin / Float(stack.w)),
    height: 0.6
  )
  let elapsed = try clock.measure {
    if !withText {
    } else if stack.full {
      lines = try reader.read(frames: planes, pixelAspect: stack.sar)
    } else {
      let texts = try reader.read(
        crops: planes,
        times: stack.type == "ticker" ? stack.times : [],
        // Crops are grown by a third of their height.
        core: grownBox,
        pixelAspect: stack.sar
      )
      looks = max(1, texts.count)
      lines = texts.flatMap(\.lines)
      if verbose, let speed = texts.first?.scrollSpeed { print("speed \(speed)") }
    }
  }
  let seconds = Double(elapsed.components.attoseconds) / 1e18 + Double(elapsed.components.seconds)
  times[stack.type, default: (0, 0)].seconds += seconds
  times[stack.type, default: (0, 0)].count += looks
  var remarks = ""
  var pictures: [LumaPlane]
  if stack.full {
    pictures = VisualStates.find(in: planes, most: 1).map(\.picture)
  } else if stack.type == "ticker" {
    pictures = []
  } else {
    pictures = VisualStates.find(in: planes, most: 3).map(\.picture)
  }
  var byLogo: [BrandEvidence] = []
  for picture in pictures {
    var matches: [LogoRecognizer.Match] = []
    let time = clock.measure { matches = logos.matches(in: picture, pixelAspect: stack.sar) }
    logoTimes[false, default: (0, 0)].seconds += inSeconds(time)
    logoTimes[false, default: (0, 0)].count += 1
    remarks +=
      " logo " + matches.map { "\($0.brand):\(Int($0.correlation * 100))" }.joined(separator: ",")
    byLogo += recognizer.evidence(from: matches)
    if exhaustive, !stack.full {
      let time = clock.measure {
        matches = logos.matches(in: picture, pixelAspect: stack.sar, isExhaustive: true)
      }
      logoTimes[true, default: (0, 0)].seconds += inSeconds(time)
      logoTimes[true, default: (0, 0)].count += 1
      remarks +=
        " exhaustive "
        + matches.map { "\($0.brand):\(Int($0.correlation * 100))" }.joined(separator: ",")
    }
  }
  let byText = recognizer.evidence(in: lines)
  var indicators = IndicatorExtractor.indicators(in: lines)
  if let brand = recognizer.verdict(on: byText + byLogo)?.brand {
    indicators = recognizer.spelled(indicators, in: lines, brand: brand)
  }
  for (way, evidence) in [("text", byText), ("logo", byLogo), ("both", byText + byLogo)] {
    let named = recognizer.verdict(on: evidence)?.brand
    let truth = brands.contains { $0.id == stack.brand } ? stack.brand : nil
    let outcome =
      named == nil
      ? (truth == nil ? "none, right" : "missed")
      : named == truth
        ? "right"
        : stack.role != "ad" && (stack.around ?? []).contains(named ?? "")
          ? "an ad beside it" : "WRONG"
    verdicts["\(stack.role) \(stack.type) \(way)", default: [:]][outcome, default: 0] += 1
    if stack.role == "ad" {
      verdicts["ad \(stack.severity) \(way)", default: [:]][outcome, default: 0] += 1
    }
    if outcome == "WRONG" || (outcome == "missed" && way == "both") {
      remarks += " \(way) \(outcome) \(named ?? "")"
    }
  }
  if stack.role == "ad" {
    for (kind, truth) in [(Indicator.Kind.url, stack.url), (.promoCode, stack.code)] {
      guard let truth else { continue }
      let pattern = Array(truth.lowercased())
      let values = indicators.filter { $0.kind == kind }.map { Array($0.value.lowercased()) }
      let best = min(pattern.count, values.map { distance(pattern, $0) }.min() ?? pattern.count)
      for key in ["\(stack.type) \(kind.rawValue)", "\(stack.severity) \(kind.rawValue)"] {
        totals[key, default: (0, 0)].errors += best
        totals[key, default: (0, 0)].length += pattern.count
      }
      remarks += " \(kind.rawValue) \(best)/\(pattern.count)"
    }
  }
  if verbose {
    print(
      "== \(stack.name) \(stack.severity) \(stack.role) \(stack.type) \(stack.w)x\(stack.h) \(stack.texts ?? []) \(remarks) looks \(looks) \(Int(seconds * 1000)) ms"
    )
    for line in lines {
      print(
        "   ",
        line.alternatives.map { "\($0.text) [\(Int($0.confidence * 1000))]" }.joined(
          separator: " ¦ "
        )
      )
    }
    for indicator in indicators {
      print(
        "    ->",
        indicator.kind.rawValue,
        indicator.value,
        indicator.meanConfidence,
        indicator.leastConfidence
      )
    }
  }
}
for (key, total) in totals.sorted(by: { $0.key < $1.key }) {
  print(key, total.errors, total.length, Double(total.errors) / Double(total.length))
}
for (key, time) in times.sorted(by: { $0.key < $1.key }) {
  print(key, "\(Int(time.seconds * 1000 / Double(time.count))) ms per look or clip, \(time.count)")
}

for (key, counts) in verdicts.sorted(by: { $0.key < $1.key }) {
  print(
    key,
    counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
  )
}
for (key, time) in logoTimes {
  print(
    "logo",
    key ? "exhaustive" : "shortlist",
    "\(Int(time.seconds * 1000 / Double(time.count))) ms per picture, \(time.count)"
  )
}
