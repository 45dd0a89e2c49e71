def readiness(row):
    return row["why"]


APPENDICES = {}
