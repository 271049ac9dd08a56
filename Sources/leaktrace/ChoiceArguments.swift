public import ArgumentParser
public import Casebook
public import Logging
public import Pipeline

// Choices of other modules on the command line; their names are their raw values.

extension LogFormat: ExpressibleByArgument {}

extension JobState: ExpressibleByArgument {}

extension Logger.Level: @retroactive ExpressibleByArgument {}
