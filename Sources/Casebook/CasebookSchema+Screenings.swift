extension CasebookSchema {
  /// The tables of screenings, of the versions they showed and of the cinemas they were in.
  ///
  /// What many rows of a list share, the place and the work, stands once, as the list says it: two
  /// lists that spell a cinema differently do not overwrite each other, and a million rows stay small.
  static let screenings = [
    """
    CREATE TABLE screeningPlace (
      key INTEGER PRIMARY KEY,
      facilityKey TEXT NOT NULL,
      facilityID TEXT,
      facility TEXT,
      nameKey TEXT NOT NULL,
      city TEXT,
      auditorium TEXT NOT NULL,
      zone TEXT,
      width REAL,
      height REAL,
      sag REAL,
      throwDistance REAL,
      seatMap TEXT
    ) STRICT
    """,
    """
    CREATE TABLE screeningWork (
      key INTEGER PRIMARY KEY,
      cplID TEXT,
      release TEXT,
      releaseKey TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE screening (
      key INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      placeKey INTEGER NOT NULL REFERENCES screeningPlace (key),
      workKey INTEGER NOT NULL REFERENCES screeningWork (key),
      start INTEGER NOT NULL,
      startOffset INTEGER NOT NULL,
      end INTEGER,
      endOffset INTEGER,
      markLocation INTEGER,
      markTime INTEGER,
      deviceID TEXT
    ) STRICT
    """,
    """
    CREATE TABLE composition (
      id TEXT NOT NULL PRIMARY KEY,
      title TEXT NOT NULL,
      titleKey TEXT NOT NULL,
      annotation TEXT,
      issueDate TEXT,
      kind TEXT,
      rateNumerator INTEGER,
      rateDenominator INTEGER,
      reels INTEGER NOT NULL,
      intrinsicDuration INTEGER,
      duration INTEGER
    ) STRICT
    """,
    """
    CREATE TABLE facility (
      id TEXT NOT NULL PRIMARY KEY,
      name TEXT NOT NULL,
      nameKey TEXT NOT NULL,
      circuit TEXT,
      address TEXT,
      city TEXT,
      country TEXT,
      zone TEXT,
      issueDate TEXT
    ) STRICT
    """,
    """
    CREATE TABLE facilityAuditorium (
      facilityID TEXT NOT NULL REFERENCES facility (id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      name TEXT NOT NULL,
      aspectRatio TEXT,
      PRIMARY KEY (facilityID, position)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE facilityDevice (
      facilityID TEXT NOT NULL REFERENCES facility (id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      auditorium TEXT,
      type TEXT,
      deviceID TEXT,
      serial TEXT,
      manufacturer TEXT,
      model TEXT,
      PRIMARY KEY (facilityID, position)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE facilityMark (
      facilityID TEXT NOT NULL REFERENCES facility (id) ON DELETE CASCADE,
      device INTEGER NOT NULL,
      position INTEGER NOT NULL,
      kind TEXT,
      manufacturer TEXT,
      model TEXT,
      version TEXT,
      algorithm TEXT,
      markID INTEGER,
      PRIMARY KEY (facilityID, device, position)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX screeningPlaceByFacility ON screeningPlace (facilityKey, auditorium)",
    "CREATE INDEX screeningPlaceByName ON screeningPlace (nameKey)",
    "CREATE INDEX screeningWorkByCPL ON screeningWork (cplID)",
    "CREATE INDEX screeningWorkByRelease ON screeningWork (releaseKey)",
    "CREATE INDEX screeningByStart ON screening (start)",
    "CREATE INDEX screeningByPlace ON screening (placeKey, start)",
    "CREATE INDEX screeningByWork ON screening (workKey, start)",
    "CREATE INDEX compositionByTitle ON composition (titleKey)",
    "CREATE INDEX facilityByName ON facility (nameKey)",
    "CREATE INDEX facilityDeviceByID ON facilityDevice (deviceID)",
  ]
}
