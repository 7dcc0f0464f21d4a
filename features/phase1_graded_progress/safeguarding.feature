Feature: Some people must not be told, and others are told in their place
  An officer decides and records it. Until an officer decides, nobody is told, and the force is
  asked. A flag on a person in one crime or record holds in every other.

  @S-130 @SAFE-03 @SENS-05
  Scenario: A victim who has died gets no message
    Given Alex wants to hear by text and email
    And Alex has died
    When the bicycle theft Alex reported is recorded
    Then the force is asked to decide who is told in Alex's place
    And Alex gets no message

  @S-131 @SAFE-03
  Scenario: A death recorded late stops messages and sign-in
    Given Alex wants to hear by text and email
    And Alex has signed in to follow a bicycle theft
    When the force records that Alex has died
    Then the force is asked to decide who is told in Alex's place
    And Alex's old session shows nothing
    And Alex can no longer sign in by number or email
    When an officer is deployed to the crime Alex reported
    And a day passes
    Then Alex gets no more messages

  @S-132 @SAFE-03
  Scenario: A family member is told under their own name, and the victim's addresses are not used
    Given Alex wants to hear by text and email
    And an officer decided that Alex is told in place of Robin, who has died
    When the bicycle theft that Alex is told about is recorded
    Then Alex is invited by text and email
    When an officer is deployed to the crime Alex reported
    And a day passes
    Then no message to Alex has Robin's name
    And Robin gets no message

  @S-133 @SAFE-04
  Scenario: A victim who is a suspect in a linked crime is told by an officer
    Given Alex wants to hear by text and email
    And Alex is a suspect in a linked crime
    When the public order offence Alex reported is recorded
    Then the force is asked to speak to Alex
    And Alex gets no message

  @S-134 @SAFE-04
  Scenario: A victim who becomes a suspect can read nothing more
    Given Alex wants to hear by text and email
    And Alex has signed in to follow a public order offence
    When the force records that Alex is a suspect in a linked crime
    Then the force is asked to speak to Alex
    And Alex's old session shows nothing
    And Alex can no longer sign in by number or email
    When an officer is deployed to the crime Alex reported
    And a day passes
    Then Alex gets no more messages

  @S-135 @SAFE-05
  Scenario: Nobody is told of a crime against a child until an officer decides who
    Given Alex wants to hear by text and email
    And Alex is 15 years old
    When the bicycle theft Alex reported is recorded
    Then the force is asked to decide who is told in Alex's place
    And Alex gets no message
    When the force decides that Alex is told
    Then Alex is invited by text and email

  @S-136 @SAFE-05
  Scenario: Nobody is told of a crime against a child where an officer decided so
    Given Alex wants to hear by text and email
    And Alex is 15 years old
    And an officer decided that nobody is told in Alex's place
    When the bicycle theft Alex reported is recorded
    And a day passes
    Then Alex gets no message

  @S-137 @SAFE-05
  Scenario: The adult an officer chose is told, and the child is not
    Given Alex wants to hear by text and email
    And an officer decided that Alex is told in place of Robin, a child of 15
    When the bicycle theft that Alex is told about is recorded
    Then Alex is invited by text and email
    And no message to Alex has Robin's name
    And Robin gets no message

  @S-138 @SAFE-05 @early
  Scenario: The decision for a child ends when they turn 18
    Given Alex wants to hear by text
    And an officer decided that Alex is told in place of Robin, who turns 18 in 2 days
    And Alex has signed in to follow the bicycle theft that Alex is told about
    When 2 days pass
    Then the force is asked to decide who is told in Robin's place
    And Alex can no longer sign in by number or email
    When an officer is deployed to the crime Alex reported
    And a day passes
    Then Alex gets no more messages
    And Robin gets no message

  @S-139 @SAFE-05 @early
  Scenario: A victim who has turned 18 is told once the force records it
    Given Alex wants to hear by text
    And an officer decided that Alex is told in place of Robin, who turns 18 in 2 days
    And Alex has signed in to follow the bicycle theft that Alex is told about
    And Alex has read every message
    When 2 days pass
    And the force decides that Robin is told instead of Alex
    Then Robin is invited by text
    And Alex gets no more messages

  @S-140 @SAFE-06
  Scenario: A flag on one crime stops messages about the other crimes the victim reported
    Given Alex wants to hear by text and email
    And Alex has signed in to follow a bicycle theft
    When the assault (flagged domestic abuse) Alex reported is recorded
    Then the force is asked to speak to Alex
    And Alex can read nothing of the bicycle theft
    When an officer is deployed to the bicycle theft Alex reported
    And a day passes
    Then Alex gets no more messages

  @S-141 @SAFE-06
  Scenario: An earlier flag stops messages about a later crime
    Given Alex wants to hear by text and email
    When the assault (flagged domestic abuse) Alex reported is recorded
    And the bicycle theft Alex reported is recorded
    And an officer is deployed to the bicycle theft Alex reported
    And a day passes
    Then Alex gets no message

  @S-142 @SAFE-06
  Scenario: A flag added to another crime cancels the invitation
    Given Alex wants to hear by text and email
    And the bicycle theft Alex reported has been recorded
    When the assault Alex reported is recorded
    And Alex has read every message
    And the assault Alex reported is reclassified as an assault (flagged domestic abuse)
    Then Alex can no longer sign in from the invitation
    When an officer is deployed to the bicycle theft Alex reported
    And a day passes
    Then Alex gets no more messages

  @S-143 @SAFE-06
  Scenario: A flag in one record of a person stops messages to both records
    Given Alex wants to hear by text and email
    And Alex has signed in to follow a bicycle theft
    And Lex wants to hear by text
    And Lex is Alex in a second record
    And the robbery Lex reported has been recorded
    When the force records that Lex is not safe to contact
    Then the force is asked to speak to Alex
    And Alex's old session shows nothing
    When an officer is deployed to the crime Alex reported
    And a day passes
    Then Alex gets no more messages
    And Lex gets no more messages

  @S-144 @SAFE-07
  Scenario Outline: An officer tells the victim what is not safe to send
    Given Alex wants to hear by text and email
    And Alex has signed in to follow a bicycle theft
    And Alex has read every message
    When the force records that Alex is not safe to contact
    And an hour passes
    And <the case ends>
    Then an officer is asked to tell Alex what the portal may not
    And Alex gets no more messages

    Examples:
      | the case ends                                     |
      | the crime Alex reported is closed with outcome 18 |
      | a suspect is charged with the crime Alex reported |

  @S-288 @SENS-05
  Scenario Outline: The force has one working day to decide who is told for a child or a bereaved family
    Given Alex wants to hear by text and email
    And Alex <is>
    When the bicycle theft Alex reported is recorded
    Then the force is asked to decide who is told in Alex's place within the working days for enhanced rights

    Examples:
      | is             |
      | has died       |
      | is 15 years old |
