import Isolation

// Parses media files, or reads text in pictures, for `leaktrace`, which starts it; of no use to people.
ParsingProcess.run(CommandLine.arguments)
