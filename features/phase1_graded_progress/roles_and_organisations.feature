Feature: Only victims are told, and an organisation through its named contact
  Many people are named in a crime record, and only its victims are told. An organisation is told
  through its named contact, who one day leaves.

  @S-177 @WHO-01
  Scenario Outline: A person who is not a victim is never told
    Given Alex wants to hear by text and email
    And Sam wants to hear by text and email
    And Sam is <who>, and not a victim
    When a bicycle theft is recorded with Alex and Sam in it
    Then Alex is invited by text and email
    And Sam gets no message
    When an officer is deployed to the crime Alex reported
    And a day passes
    Then Sam gets no message

    Examples:
      | who                                |
      | the person who reported it         |
      | a witness                          |
      | the police officer who reported it |
      | a police officer who was a witness |

  @S-178 @WHO-01
  Scenario: The person who reported a crime is invited once recorded as a victim of it too
    Given Alex wants to hear by text
    And Sam wants to hear by text
    And Sam is the person who reported it, and not a victim
    And a bicycle theft has been recorded with Alex and Sam in it
    When the force records that Sam is a victim of it
    Then Sam is invited by text

  @S-179 @WHO-01
  Scenario: A victim who is found to be only a witness gets and reads nothing more
    Given Alex wants to hear by text
    And Sam wants to hear by text
    And Alex and Sam have signed in to follow the same bicycle theft
    When the force records that Sam is a witness of it
    Then Sam's old session shows nothing
    When an officer is deployed to the crime Alex reported
    Then Alex is told by text that there is an update
    And Sam gets no more messages

  @S-180 @WHO-01
  Scenario: A witness of one crime sees only the crime they are a victim of
    Given Sam wants to hear by text
    And Sam has signed in to follow a robbery
    And Alex wants to hear by text
    And Sam is a witness, and not a victim
    When a bicycle theft is recorded with Alex and Sam in it
    And an officer is deployed to the bicycle theft Alex reported
    And a day passes
    Then Sam gets no message
    And Sam can read nothing of the bicycle theft
    When an officer is deployed to the robbery Sam reported
    Then Sam is told by text that there is an update

  @S-181 @WHO-02
  Scenario: An organisation's named contact is invited, and no message names the organisation
    Given Alex wants to hear by text and email
    And Alex is the named contact of Kiln Lane Stores
    When the bicycle theft that Alex is told about is recorded
    Then Alex is invited by text and email
    When an officer is deployed to the crime Alex reported
    And a day passes
    Then no message to Alex says what it is about

  @S-182 @WHO-03
  Scenario: Nobody is told where an organisation has no named contact
    Given Alex wants to hear by text and email
    And Alex is in the record of Kiln Lane Stores, which has no named contact
    When the bicycle theft Alex reported is recorded
    Then the force is asked to decide who is told in Alex's place
    And Alex gets no message

  @S-183 @WHO-03
  Scenario: A named contact who leaves gets and reads nothing more, and the next is invited
    Given Alex wants to hear by text
    And Alex is the named contact of Kiln Lane Stores
    And Alex has signed in to follow the bicycle theft that Alex is told about
    When Sam replaces Alex as the named contact of Kiln Lane Stores
    Then Sam is invited by text
    And Alex's old session shows nothing
    And Alex can no longer sign in by number or email
    When an officer is deployed to the crime Alex reported
    And a day passes
    Then Alex gets no more messages
    And Sam can sign in from the invitation

  @S-184 @WHO-03
  Scenario: A message held overnight is not sent to a contact who has left
    Given Alex wants to hear by text
    And Alex is the named contact of Kiln Lane Stores
    And Alex has signed in to follow the bicycle theft that Alex is told about
    And it is 22:00
    When an officer is deployed to the crime Alex reported
    And Alex leaves Kiln Lane Stores, which names no new contact
    And a day passes
    Then Alex gets no more messages
    And the force is asked to decide who is told in Alex's place

  @S-185 @WHO-04
  Scenario: An officer tells a victim who works for the police and whose record is restricted
    Given Alex wants to hear by text and email
    And Alex works for the police
    And the force restricted Alex's record
    When the assault Alex reported is recorded
    Then the force is asked to speak to Alex
    And Alex gets no message

  @S-350 @WHO-04
  Scenario: A victim who works for the police is invited when their record is not restricted
    Given Alex wants to hear by text and email
    And Alex works for the police
    And the force did not restrict Alex's record
    When the assault Alex reported is recorded
    Then Alex is invited by text and email

  @S-351 @WHO-04
  Scenario: An officer tells a victim whose record is restricted
    Given Alex wants to hear by text and email
    And the force restricted Alex's record
    When the assault Alex reported is recorded
    Then the force is asked to speak to Alex
    And Alex gets no message
