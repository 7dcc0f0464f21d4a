Feature: Contact details that are wrong are neither used blindly nor lost
  One name in ten was wrong; a number in the wrong field meant no message; a wrong number told a
  stranger.

  @DATA-01
  Scenario Outline: A number or address in the wrong field is not silently lost
    Given Alex wants to hear by <channel>
    And Alex's <detail> was written in the <field> field
    When Alex's bicycle theft is recorded
    And an hour passes
    Then either Alex is told by <channel> or the force is asked to look at Alex's details

    Examples:
      | channel | detail        | field        |
      | text    | mobile number | other phone  |
      | text    | mobile number | email        |
      | email   | email address | mobile phone |

  @DATA-01
  Scenario Outline: What cannot be used is given to somebody to look at
    Given Alex wants to hear by text
    And "<written>" was written as Alex's mobile number
    When Alex's bicycle theft is recorded
    And an hour passes
    Then the force is asked to look at Alex's details

    Examples:
      | written      |
      | N/A          |
      | 07700 90012  |
      | 0118 4960123 |

  @SAFE-01
  Scenario Outline: A number in another field may be somebody else's
    Given Alex wants to hear by text
    And Sam is somebody else, whose number was written in the <field> field for Alex
    When Alex's bicycle theft is recorded
    And an hour passes
    Then Sam hears nothing
    And the force is asked to look at Alex's details

    Examples:
      | field       |
      | other phone |
      | email       |

  @DATA-03
  Scenario: Nothing more to an address that does not work
    Given Alex wants to hear by text
    And Alex no longer has the recorded number, and nobody else has
    And Alex's bicycle theft has been recorded
    When an hour passes
    And an officer is deployed to Alex's crime
    And an hour passes
    Then nothing more was sent to the old number
    And the force is asked to look at Alex's details

  @DATA-04
  Scenario: Told once the details are mended
    Given Alex wants to hear by text
    And Alex's mobile number was written in the other phone field
    And Alex's bicycle theft has been recorded
    When the force mends Alex's details
    Then Alex is invited by text

  @SAFE-02
  Scenario: A flag added late stops everything
    Given Alex wants to hear by text and email
    And Alex has signed in to follow a bicycle theft
    When the force records that Alex is not safe to contact
    And an officer is deployed to Alex's crime
    And a day passes
    Then Alex hears nothing more
    And Alex's old session shows nothing
