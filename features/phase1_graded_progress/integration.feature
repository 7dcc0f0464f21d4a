Feature: The portal copes with imperfect deliveries from the crime system
  The crime system sends an event twice, together with others, or long after it happened. The victim
  is told of each event once.

  @S-071 @INT-04
  Scenario: New facts in a delivery with old ones are not lost
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And the crime Alex reported is allocated to PC Lund
    And Alex has been told of it, and has read the page
    When one delivery brings the same event again and an appointment with Alex
    Then Alex is told by text that there is an update
    And Alex's page says where the appointment is

  @S-072 @INT-05 @CASE-18
  Scenario: An event recorded days late is still announced
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When the force records that an officer was deployed to the crime Alex reported 3 days ago
    Then Alex is told by text that there is an update
    And Alex's page shows something new

  @S-073 @INT-06
  Scenario: Many crimes are reallocated at once
    Given 6 victims have signed in to follow a bicycle theft each
    When one delivery allocates the crime each of them reported to PC Okafor
    Then each of them is told by text exactly once

  @S-074 @INT-07
  Scenario: A crime that is recorded again is the same crime
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    And the crime Alex reported is allocated to PC Okafor
    And Alex has been told of it, and has read the page
    When the crime system sends the record of the crime Alex reported again, as a new event
    Then Alex gets no more messages
    And Alex's page names PC Okafor and the collar number

  @S-075 @INT-08 @needs_signed_events
  Scenario Outline: The portal ignores what the force did not sign
    Given Alex wants to hear by text
    And Alex has signed in to follow a bicycle theft
    When a stranger <who> claims that an officer was deployed to the crime Alex reported
    Then Alex gets no message
    And Alex's page shows nothing new

    Examples:
      | who                                    |
      | who signs with a key of their own      |
      | who does not sign                      |
      | with what the force signed an hour ago |
