package engine

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// classes is which tests show what HOSTILE.md §1 wants against servers that mean harm.
var classes = map[string]string{
	"S2 controls in what a server says":  "TestHostileServersSpeakToNoTerminal TestWordsFromBeforeEncryptionAreNotShown",
	"S6 STARTTLS not offered or refused": "TestStartTLSThatFailsNeverLogsIn TestCourierIsToldToBeginTLSWithoutBeingAsked TestWithoutEncryptionNothingIsSent",
	"S6 PREAUTH, answered too early":     "TestStartTLSThatFailsNeverLogsIn",
	"S6 referrals":                       "TestLogins",
	"S6 injected behind the answer":      "TestStartTLSThatFailsNeverLogsIn TestWithoutEncryptionNothingIsSent",
	"S6 forged before encryption":        "TestNothingFromBeforeTLSIsBelieved TestExtensionsFromBeforeEncryptionAreForgotten",
	"S7 certificates":                    "TestOnlyAGoodCertificateIsBelieved TestCertificateNobodyTrustsIsRefused TestPasswordIsNotShownToAServerWithoutAGoodCertificate",
	"S14 text that becomes a command":    "TestOutsideTextCannotBecomeACommand TestPasswordsThatCannotBeQuotedAreLiterals TestAddressesCannotHoldCommands",
	"S17 endless, nested, out of range":  "TestEndlessAnswersEndTheConnection TestLiteralsAreNotBelievedBeforeTheyCome TestStructuresOfBombsAreCutOrLeftOut TestAnswerWithoutEndIsCutOff",
	"S17 answers nobody asked for":       "TestUnaskedAnswersAreNotBelieved TestAnswerToNoCommandEndsTheConnection",
	"S17 slow for ever":                  "TestADripEndsAndASlowLineDoesNot TestSilenceAtEveryStageIsOffline",
}

// faults is which tests show the right outcome of each fault that mail is to survive: what the network, the servers, the
// disk, the clock and other programs do.
var faults = map[string]string{
	"F1 connection cut":                      "TestWishesSurviveACutAtEveryCommand TestSendingSurvivesACutAtEveryCommand TestScenarios",
	"F2 silence":                             "TestSilenceAtEveryStageIsOffline TestSilentServerIsOfflineAfterThePatience TestAMachineThatWakesUpTriesAtOnce TestAMachineThatWakesUpDoesNotWaitForItsOldConnections TestNoDeadConnectionHoldsTheEndUp",
	"F3 BYE":                                 "TestAFarewellIsShownAndWorkGoesOn TestByeIsOfflineAndItsTextIsKept TestFewerConnectionsWhereTheServerWantsFewer",
	"F4 stall":                               "TestSilenceDuringACommandOfTheLibraryIsOffline TestMessageThatNobodyReadsEndsWithPatienceOrContext",
	"F5 done, answer lost":                   "TestCopiesSurviveACutAtEveryCommand TestACopyWhoseAnswerWasLostIsNeverShownTwice TestTheCopyOfAPartialTrySurvivesACutAtEveryCommand",
	"F6 UIDVALIDITY changes":                 "TestUIDValidityChangeRebuildsTheMailbox TestARenumberedMailboxKeepsRowsContentsAndWishes TestAWishIsKeptBackWhereSeveralMessagesAreAlike",
	"F7 UIDVALIDITY or UIDNEXT missing":      "TestServersThatSayTooLittleOrTheWrongThingWork TestWishesReachTheirMessagesWhereUIDsAreUnsure",
	"F8 expunged while fetched":              "TestPartOfAMessageThatIsGone TestMessagesThatCannotBeFetchedHideNoOtherAndComeLater",
	"F9 another message":                     "TestF9TheOctetsOfAnotherMessageAreNotShown TestUnaskedAnswersAreNotBelieved TestNoSayingOfAServerGivesAMessageAWrongUID",
	"F10 mailbox deleted, renamed elsewhere": "TestAMailboxRenamedElsewhereIsFollowed TestTheMailboxOnScreenVanishesAndIsRenamedFromBelow TestAWishIsNotLostByTheMailboxThatIsSelected TestAMailboxThatVanishesOnScreenGivesWayToTheInbox TestATargetThatVanishedKeepsTheCopyBack",
	"F11 CONDSTORE lies":                     "TestStarsSetElsewhereAreSeenWithoutCondstore TestServersThatSayTooLittleOrTheWrongThingWork",
	"F12 SEARCH lies":                        "TestASearchThatLeavesMessagesOutDeletesNothing TestSearchAnswersOfAllKindsAreRead",
	"F13 quota, read-only, no permission":    "TestWhatIsOverQuotaWaitsWithItsSource TestARefusedErrandIsToldAndTakenBack TestRefusedWishesAreShownNoLonger",
	"F14 temporary refusals":                 "TestRefusalsForNowKeepTheWish TestThrottledServersAreLeftAlone TestBackoffDoublesUpToFiveMinutes",
	"F15 login refused":                      "TestWrongPasswordAsksAndDoesNotHammer TestARefusalOnlyTheWatcherMeetsAsksAndDoesNotHammer TestARefusedPasswordForSendingIsNotRepeatedByItself",
	"F16 submission fails at any stage":      "TestEveryStageCanFail TestWhereverASubmissionFailsTheMessageIsWhereItBelongs TestAServerThatFallsSilentBeforeTheDotIsTriedAgain TestWhoIsRefusedForGoodIsNotAskedAgainAndTheCopyIsFiledAtOnce TestRefusedMailIsADraftAgain",
	"F17 no answer to the dot":               "TestThePersonDecidesWhatNobodyKnows TestThePersonSaysThatItWasSent TestWhoIsRefusedIsStoredBeforeTheDot",
	"F18 kill":                               "TestAKilledProcess TestAKilledProcessLosesNothingItAcknowledged",
	"F19 power loss":                         "TestWhatAPersonDidIsWrittenThrough TestACutOrScribbledLogLosesOnlyWhatStoodBehindTheDamage",
	"F20 disk full":                          "TestAFullDiskIsSaidAndLosesNothing TestAFullDiskEndsKeepingAndNothingElse",
	"F21 damaged database":                   "TestOfADamagedFileDraftsOutboxAndWishesAreKept TestNoDamageAnywhereIsMoreThanAnOutage",
	"F22 two instances":                      "TestASecondPosthornIsRefusedOrLooks TestALockLeftBehindIsNoLock",
	"F23 clock jumps":                        "TestAClockThatJumpsLosesNoWish TestWhatWaitsOutlivesAClockThatJumps TestRestsAreBoundedWhateverTheClockSays",
	"F24 other schemas":                      "TestOlderDatabasesBecomeWhatAFreshOneIs TestANewerFileIsNotTouched",
	"F25 no extensions":                      "TestServersWithoutExtensionsWork TestIdleThatIsRefusedBecomesPolling",
	"F26 unasked and odd answers":            "TestOneUnreadableAnswerHidesNoOtherMessage TestAnAnswerToNoCommandEndsTheConnectionOnly",
	"F27 very many":                          "TestAFloodOfMailboxesIsStoredInPiecesAndAskedForInPieces TestEndlessAnswersEndTheConnection TestKeywordsWithoutNumberAreBounded TestAFloodOfNewsHoldsNobodyUp",
	"F28 network changes":                    "TestSecondStartShowsTheCacheWithoutANetwork TestNoNetworkIsOffline TestReasonsAreInPlainWords",
	"F29 editor fails":                       "TestEditorThatFailsLeavesTheDraftAsItWas TestAnEditorThatIsKilledLeavesWhatItSaved TestWhatAnEditorHadIsRecovered",
	"F30 terminal":                           "TestAnySizeOfTerminalIsDrawn TestToldToEndItLeavesTheTerminalAndTheFilesInOrder",
}

// quirks is which tests show that what a provider does in its own way is stood.
var quirks = map[string]string{
	"Gmail files what it sends":                         "TestGmailFilesWhatItSends TestProvidersAreKnownByTheirHosts",
	"Gmail's labels, All Mail":                          "TestWhatIsArchivedOnGmailIsNotShownTwice TestWhatHoldsEverythingComesLast",
	"Gmail's COPYUID":                                   "TestNoSayingOfAServerGivesAMessageAWrongUID TestMoveBelievesOnlyUIDsThatFitTogether",
	"Gmail throttles, fails for now, leaves out":        "TestRefusalsForNowKeepTheWish TestThrottledServersAreLeftAlone TestMessagesThatCannotBeFetchedHideNoOtherAndComeLater TestGmailGivesTheRestOfAWindowAndTheMissingAreAskedOneByOneOnce",
	"Outlook files what it sends":                       "TestOutlookIsKnownByItsHostAndFilesWhatItSends",
	"Outlook replaces Message-IDs, and is late":         "TestOutlookIsSearchedForTheMessageIDItReplaced TestWhatMayHaveBeenSentIsFoundAQuarterOfAnHourLater",
	"Outlook is not connected":                          "TestOutlookThatIsNotConnectedIsAFailedConnection TestRefusalsForNowKeepTheWish",
	"Exchange announces too much, and says too little":  "TestExchangeAnnouncesMoreThanItSends TestExchangeTakesLeaveWithoutATag TestAWrongSizeLosesNothing",
	"Exchange expunges high to low":                     "TestWhatChangesWhileAMailboxIsOpenedIsNews",
	"Exchange's quotes and line ends in strings":        "TestStructures TestOneUnreadableAnswerHidesNoOtherMessage",
	"Zoho and 163.com file what they send":              "TestProvidersAreKnownByTheirHosts TestOutlookIsKnownByItsHostAndFilesWhatItSends",
	"iCloud cannot search, answers ESEARCH oddly":       "TestICloudCannotSearchHeadersAndIsLookedThrough TestSearchesThatLeaveMessagesOutAreNotBelieved TestAServerThatCannotSearchLeavesTheQuestionOpen",
	"Yahoo's limits, descending order, SERVERBUG":       "TestYahooIsAskedForNoMoreThanItTakes TestYahooRefusesLongRangesWithoutAWordAboutWhy TestLimitedFetchesGoOn",
	"Yahoo gives another message":                       "TestF9TheOctetsOfAnotherMessageAreNotShown",
	"Yahoo says BAD to MODSEQ 0":                        "TestYahooIsNotAskedForAModSeqWhereThereIsNone",
	"Yahoo has no IDLE":                                 "TestServersWithoutExtensionsWork TestIdleThatIsRefusedBecomesPolling",
	"Proton Bridge stores nothing it knows":             "TestAnAppendThatStoresNothingIsNotRepeated",
	"Proton Bridge's UIDs and UIDVALIDITY are unstable": "TestAnUpdateOfProtonBridgeLosesNothing TestARenumberedMailboxKeepsRowsContentsAndWishes TestWishesReachTheirMessagesWhereUIDsAreUnsure TestUIDValidityChangeRebuildsTheMailbox",
	"163.com wants ID, has no UIDNEXT, wrong STATUS":    "TestServersThatWantToKnowWhoComesAreToldBeforeTheFirstMailbox TestServersThatSayTooLittleOrTheWrongThingWork",
	"Zoho's LIST-STATUS, Purelymail's ESEARCH":          "TestServersThatSayTooLittleOrTheWrongThingWork",
	"Zimbra's READ-ONLY in passing":                     "TestRefusalsForNowKeepTheWish",
	"Courier offers STARTTLS once":                      "TestCourierIsToldToBeginTLSWithoutBeingAsked",
	"SMTP refuses for good what fails for now":          "TestARefusalForGoodThatWasForNowLosesNothing",
	"SMTP knows no domain for now, or wants a visit":    "TestAnswerToTheMessageIsJudgedByItsFirstDigit TestTemporaryRefusalWaitsInTheOutbox",
	"all want to be asked now and then only":            "TestServersAreAskedForNewsAtAPoliteInterval",
	"Courier's fresh mailboxes":                         "TestServersThatSayTooLittleOrTheWrongThingWork",
	"Cyrus allows mailboxes below INBOX only":           "TestSentIsMadeBelowINBOXWhereItMayNotBeBesideIt",
	"Bluemind pads and labels":                          "TestBluemindPadsAndLabelsInItsOwnWay TestStructures",
	"Dovecot's deleted under us":                        "TestTheMailboxOnScreenVanishesAndIsRenamedFromBelow TestAWishIsNotLostByTheMailboxThatIsSelected",
}

// TestEveryFaultHasItsTests keeps the tables true when tests are renamed or thrown away.
func TestEveryFaultHasItsTests(t *testing.T) {
	var all strings.Builder
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		raw, err := os.ReadFile(path)
		all.Write(raw)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range []map[string]string{classes, faults, quirks} {
		for fault, tests := range table {
			for _, name := range strings.Fields(tests) {
				if !strings.Contains(all.String(), "\nfunc "+name+"(") {
					t.Errorf("%s: there is no %s", fault, name)
				}
			}
		}
	}
}
