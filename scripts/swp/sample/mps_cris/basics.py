"""What the four tables of CRIS share: the two years with their printed numbers, classes and codes."""

from dataclasses import dataclass

import numpy as np

from swp.sample.crimes import CLASSES
from swp.sample.marginals import REVIEW_YEAR, YEAR_BEFORE

AGENCY = "mps_cris"
CRIME, VICTIM, SUSPECT, ACCUSED = "cris_crime", "cris_victim", "cris_suspect", "cris_accused"
MINUTE, DAY, WEEK = np.timedelta64(1, "m"), np.timedelta64(1440, "m"), np.timedelta64(10080, "m")
NOT_NOTIFIABLE = "Other Accepted Crime"
MINORS, MAJORS = [o.minor for o in CLASSES] + [NOT_NOTIFIABLE], [o.major for o in CLASSES] + [NOT_NOTIFIABLE]
OTHER_ACCEPTED = len(CLASSES)
VIOLENCE, SEXUAL, ROBBERY = "Violence Against the Person", "Sexual Offences", "Robbery"
THEFT, VEHICLE, BURGLARY, DRUGS = "Theft", "Vehicle Offences", "Burglary", "Drug Offences"
RACIAL = "Racially or Religiously Aggravated Public Fear, Al"


@dataclass(frozen=True)
class Year:
    """One delivery of the four files, with the printed or assumed numbers of its year."""

    period: str
    first: str
    last: str
    published: str
    not_notifiable: int
    hate: int
    racist: int
    faith: int
    racist_or_faith: int
    islamophobic: int
    antisemitic: int
    homophobic: int
    transgender: int
    disability: int
    hate_by_group: tuple[float, float]  # public order, violence
    hate_detected: float
    domestic: int
    domestic_detected: float
    sexual_detected: float
    knife: int
    knife_injury: int

    @property
    def months(self) -> str:
        return f"{self.first}_{self.last}".replace("-", "")


YEARS = (
    Year(YEAR_BEFORE, "2021-10", "2022-09", "2022-10-20", 2500, 2011, 1527, 180, 1607, 104, 44, 414, 49, 25,
         (0.75, 0.22), 0.177, 2526, 0.122, 0.086, 767, 160),
    Year(REVIEW_YEAR, "2022-10", "2023-09", "2023-10-19", 2600, 1976, 1543, 176, 1612, 83, 54, 355, 64, 33,
         (0.53, 0.31), 0.116, 2497, 0.088, 0.077, 1012, 177),
)  # fmt: skip
HO_CODES = {
    "Arson": {"56A": 0.2, "56B": 0.8},
    "Criminal Damage": {"58A": 0.25, "58B": 0.3, "58C": 0.25, "58D": 0.18, "58J": 0.02},
    "Burglary Business and Community": {"30C": 0.85, "30D": 0.15},
    "Domestic Burglary": {"28E": 0.78, "28F": 0.19, "28G": 0.02, "29A": 0.01},
    "Drug Trafficking": {"92A": 1}, "Possession of Drugs": {"92D": 0.4, "92E": 0.59, "92C": 0.01},
    "Historical Fraud and Forgery": {"55": 1}, "Absconding from Lawful Custody": {"80": 1},
    "Bail Offences": {"83": 1}, "Dangerous Driving": {"802": 1},
    "Disclosure, Obstruction, False or Misleading State": {"95": 1},
    "Exploitation of Prostitution": {"24": 1},
    "Going Equipped for Stealing": {"33": 1}, "Handling Stolen Goods": {"54": 1},
    "Making, Supplying or Possessing Articles for use i": {"33A": 1}, "Obscene Publications": {"86": 1},
    "Other Forgery": {"61": 1}, "Other Notifiable Offences": {"99": 1},
    "Perverting Course of Justice": {"79": 1},
    "Possession of False Documents": {"61A": 1}, "Profitting From or Concealing Proceeds of Crime": {"38": 1},
    "Threat or Possession With Intent to Commit Crimina": {"59": 1}, "Wildlife Crime": {"96": 1},
    "Other Firearm Offences": {"81": 1}, "Other Knife Offences": {"90": 1},
    "Possession of Article with Blade or Point": {"10D": 1}, "Possession of Firearm with Intent": {"10A": 1},
    "Possession of Firearms Offences": {"10B": 1}, "Possession of Other Weapon": {"10C": 1},
    "Other Offences Against the State, or Public Order": {"66": 1},
    "Public Fear Alarm or Distress": {"9A": 1},
    RACIAL: {"9B": 1}, "Violent Disorder": {"62A": 1}, "Robbery of Business Property": {"34A": 1},
    "Robbery of Personal Property": {"34B": 1},
    "Other Sexual Offences": {"20A": 0.72, "17A": 0.1, "88E": 0.1, "22B": 0.04, "20B": 0.02, "88A": 0.02},
    "Rape": {"19C": 0.88, "19F": 0.07, "19D": 0.05}, "Bicycle Theft": {"44": 1},
    "Other Theft": {"49": 0.86, "40": 0.06, "41": 0.02, "49A": 0.05, "35": 0.01}, "Shoplifting": {"46": 1},
    "Theft from Person": {"39": 1}, "Aggravated Vehicle Taking": {"37.2": 1},
    "Interfering with a Motor Vehicle": {"126": 1}, "Theft from a Motor Vehicle": {"45": 1},
    "Theft or Taking of a Motor Vehicle": {"48": 1}, "Homicide": {"1": 1},
    "Violence with Injury": {"8N": 0.87, "5D": 0.09, "8P": 0.01, "8S": 0.02, "2": 0.01},
    "Violence without Injury": {
        "105A": 0.62, "8L": 0.18, "8R": 0.09, "3B": 0.05, "104": 0.03, "105B": 0.02, "36": 0.01, "8M": 0.006,
    },
}  # fmt: skip
