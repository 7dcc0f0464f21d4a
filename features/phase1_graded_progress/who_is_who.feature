Feature: Who somebody is in a crime, and who speaks for an organisation
  Many have to do with a crime, and only its victims are told. An organisation is told through the
  person it named, who one day leaves.

  @S-177 @WHO-01
  Scenario Outline: Who is no victim is never told
    Given Alex wants to hear by text and email
    And Sam wants to hear by text and email
    And Sam is the <who> of it, and no victim
    When a bicycle theft is recorded with Alex and Sam in it
    Then Alex is invited by text and email
    And Sam hears nothing
    When an officer is deployed to Alex's crime
    And a day passes
    Then Sam hears nothing

    Examples:
      | who                            |
      | reporter                       |
      | witness                        |
      | police officer who reported    |
      | police officer who was witness |

  @S-178 @WHO-01
  Scenario: A reporter who is found to be a victim too is invited
    Given Alex wants to hear by text
    And Sam wants to hear by text
    And Sam is the reporter of it, and no victim
    And a bicycle theft has been recorded with Alex and Sam in it
    When the force writes down that Sam is a victim of it
    Then Sam is invited by text

  @S-179 @WHO-01
  Scenario: A victim who is found to be only a witness hears and reads nothing more
    Given Alex wants to hear by text
    And Sam wants to hear by text
    And Alex and Sam have signed in to follow the same bicycle theft
    When the force writes down that Sam is a witness of it
    Then Sam's old session shows nothing
    When an officer is deployed to Alex's crime
    Then Alex is told by text that there is an update
    And Sam hears nothing more

  @S-180 @WHO-01
  Scenario: A witness of one crime follows the one they are a victim of, and not the other
    Given Sam wants to hear by text
    And Sam has signed in to follow a robbery
    And Alex wants to hear by text
    And Sam is the witness of it, and no victim
    When a bicycle theft is recorded with Alex and Sam in it
    And an officer is deployed to Alex's bicycle theft
    And a day passes
    Then Sam hears nothing
    And Sam can read nothing of the bicycle theft
    When an officer is deployed to Sam's robbery
    Then Sam is told by text that there is an update

  @S-181 @WHO-02
  Scenario: An organisation's named contact is invited, and no message names it
    Given Alex wants to hear by text and email
    And Alex is the named contact of Kiln Lane Stores
    When the burglary at home is recorded of which Alex is told
    Then Alex is invited by text and email
    When an officer is deployed to Alex's crime
    And a day passes
    Then no message to Alex says what it is about

  @S-182 @WHO-03
  Scenario: Nobody is told for an organisation that named nobody
    Given Alex wants to hear by text and email
    And Alex stands in the record of Kiln Lane Stores, which named nobody
    When Alex's bicycle theft is recorded
    Then the force is asked who is told for Alex
    And Alex hears nothing

  @S-183 @WHO-03
  Scenario: A named contact who leaves reads and hears nothing more, and the next is invited
    Given Alex wants to hear by text
    And Alex is the named contact of Kiln Lane Stores
    And Alex has signed in to follow the bicycle theft of which Alex is told
    When Sam is the named contact of Kiln Lane Stores in place of Alex
    Then Sam is invited by text
    And Alex's old session shows nothing
    And Alex can no longer sign in by number or email
    When an officer is deployed to Alex's crime
    And a day passes
    Then Alex hears nothing more
    And Sam can sign in from the invitation

  @S-184 @WHO-03
  Scenario: What waits for the morning is not sent to a contact who has left
    Given Alex wants to hear by text
    And Alex is the named contact of Kiln Lane Stores
    And Alex has signed in to follow the bicycle theft of which Alex is told
    And it is 22:00
    When an officer is deployed to Alex's crime
    And Kiln Lane Stores names nobody in place of Alex
    And a day passes
    Then Alex hears nothing more
    And the force is asked who is told for Alex

  @S-185 @WHO-04
  Scenario: A victim who works for the police is told by a person
    Given Alex wants to hear by text and email
    And Alex works for the police
    When Alex's assault is recorded
    Then the force is asked to speak to Alex
    And Alex hears nothing
