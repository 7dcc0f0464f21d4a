Feature: A message can be trusted and gives nobody away
  Fraudsters send links too. The person who gets a message sees who it is from and where it leads; a
  person who finds it on a phone learns nothing from the link.

  @S-172 @INV-07
  Scenario: An invited victim who has not signed in is still told of an update
    Given Alex wants to hear by text
    And the bicycle theft Alex reported has been recorded
    And Alex has read every message
    When an officer is deployed to the crime Alex reported
    Then Alex gets a message about it by text

  @S-173 @MSG-04
  Scenario Outline: Every message says which force it is from
    Given the crime is for the <first> force in the order
    And Alex wants to hear by <channel>
    And Alex has signed in to follow a bicycle theft
    When an officer is deployed to the crime Alex reported
    Then Alex is told by <channel> that there is an update
    And every message to Alex says which force it is from

    Examples:
      | channel | first |
      | text    | first |
      | email   | first |
      | text    | last  |
      | email   | last  |

  @S-174 @MSG-08
  Scenario Outline: A one-time code says which force it is from
    Given the crime is for the <which> force in the order
    And Alex wants to hear by <channel>
    And the bicycle theft Alex reported has been recorded
    And Alex has a one-time code
    Then the code that Alex was sent says which force it is from

    Examples:
      | channel | which |
      | text    | first |
      | email   | first |
      | text    | last  |
      | email   | last  |

  @S-175 @MSG-05
  Scenario Outline: Every link in a message leads to the portal or the force
    Given Alex wants to hear by <channel>
    And Alex has signed in to follow a bicycle theft
    When an officer is deployed to the crime Alex reported
    Then Alex is told by <channel> that there is an update
    And every link in a message to Alex leads to the portal or the force

    Examples:
      | channel |
      | text    |
      | email   |

  @S-176 @PRIV-04
  Scenario Outline: The link in an update is the same for every victim
    Given Alex wants to hear by <channel>
    And Sam wants to hear by <channel>
    And Alex has signed in to follow a bicycle theft
    And Sam has signed in to follow a burglary at home
    When an officer is deployed to the crime Alex reported
    Then Alex is told by <channel> that there is an update
    When an officer is deployed to the crime Sam reported
    Then Sam is told by <channel> that there is an update
    And the links in the messages to Alex and Sam are the same

    Examples:
      | channel |
      | text    |
      | email   |
