// Segments in, stream out: one table, each case in every setting (sequence numbers that wrap, both orders of
// the endpoints).
#include "script.hpp"

#include <algorithm>
#include <array>
#include <sstream>

#include <gtest/gtest.h>

namespace tlspeel::tcp::test {
namespace {

struct Case {
  const char* name;
  const char* script;
  const char* log;
};

constexpr const char* kOpening = "c S 0 -\ns SA 0 1\nc A 1 1\n";

// Every script begins with kOpening (packets 1 to 3).
constexpr std::array kOpened = std::to_array<Case>({
    {"InOrder", "c PA 1 1 hello\ns A 1 6\ns PA 1 6 world\nc FA 6 6\ns FA 6 7\nc A 7 7",
     "open\nc@4 0 hello\ns@6 0 world\nc end@7\ns end@8\nfin@8"},
    {"OutOfOrder", "c PA 6 1 world\nc PA 1 1 hello", "open\nc@5 0 hello\nc@4 5 world\ncapture_end@5"},
    {"ReversedOrder", "c A 5 1 e\nc A 4 1 d\nc A 3 1 c\nc A 2 1 b\nc A 1 1 a",
     "open\nc@8 0 a\nc@7 1 b\nc@6 2 c\nc@5 3 d\nc@4 4 e\ncapture_end@8"},
    {"Retransmission", "c PA 1 1 hello\nc PA 1 1 hello\nc PA 6 1 x",
     "open\nc@4 0 hello\nc@6 5 x\ncapture_end@6"},
    {"OverlapWithDelivered", "c PA 1 1 hello\nc PA 3 1 llowor\nc PA 9 1 ld",
     "open\nc@4 0 hello\nc@5 5 wor\nc@6 8 ld\ncapture_end@6"},
    {"OverlapFirstCopyWins", "c PA 4 1 DEF\nc PA 1 1 abcdefg",
     "open\nc@5 0 abc\nc@4 3 DEF\nc@5 6 g\ncapture_end@5"},
    {"OverlapAcrossManyPieces", "c A 3 1 C\nc A 5 1 EE\nc A 8 1 H\nc A 2 1 bcdefghi\nc A 1 1 a",
     "open\nc@8 0 a\nc@7 1 b\nc@4 2 C\nc@7 3 d\nc@5 4 EE\nc@7 6 g\nc@6 7 H\nc@7 8 i\ncapture_end@8"},
    {"GapAtEnd", "c PA 4 1 DEF", "open\nc gap@4 0+3\nc@4 3 DEF\ncapture_end@4"},
    {"GapAfterAcknowledgementAndTime", "c PA 1 1 abc\nc PA 7 1 ghi\ns A 1 10\n+999 s A 1 10\n+1 s A 1 10",
     "open\nc@4 0 abc\nc gap@5 3+3\nc@5 6 ghi\ncapture_end@8"},
    {"GapAfterAcknowledgementAndPackets", "c PA 4 1 DEF\ns A 1 7\nx127 +0 s A 1 7\n+0 s A 1 7",
     "open\nc gap@4 0+3\nc@4 3 DEF\ncapture_end@133"},
    {"NoGapWhileReceiverStillMissesIt", "c PA 4 1 DEF\ns A 1 1\nx100 +5000 s A 1 1\nc PA 1 1 abc",
     "open\nc@106 0 abc\nc@4 3 DEF\ncapture_end@106"},
    {"LateSegmentClosesAcknowledgedHole", "c PA 4 1 DEF\ns A 1 7\n+900 c PA 1 1 abc",
     "open\nc@6 0 abc\nc@4 3 DEF\ncapture_end@6"},
    {"OnlyTheAcknowledgedPartIsLost", "c PA 9 1 IJ\ns A 1 5\n+1000 s A 1 5\nc PA 5 1 efgh",
     "open\nc gap@5 0+4\nc@7 4 efgh\nc@4 8 IJ\ncapture_end@7"},
    {"SeveralHoles", "c A 3 1 c\nc A 6 1 f\nc A 9 1 i\ns A 1 10\n+1000 s A 1 10\nc A 10 1 j",
     "open\nc gap@4 0+2\nc@4 2 c\nc gap@5 3+2\nc@5 5 f\nc gap@6 6+2\nc@6 8 i\nc@9 9 j\ncapture_end@9"},
    {"LostTailIsKnownByAcknowledgement", "s A 1 101\n+1000 s A 1 101\ns PA 1 101 ok",
     "open\nc gap@4 0+100\ns@6 0 ok\ncapture_end@6"},
    {"OneNumberBeyondMayBeTheFin", "c PA 1 1 abc\ns A 1 5\n+5000 s A 1 5", "open\nc@4 0 abc\ncapture_end@6"},
    {"StrayAcknowledgementIsForgotten", "c PA 1 1 abc\ns A 1 90001\ns A 1 4\n+2000 s A 1 4\nc PA 4 1 def",
     "open\nc@4 0 abc\nc@8 3 def\ncapture_end@8"},
    {"OneSidedGapAfterTime", "c A 4 1 d\n+2999 c A 5 1 e\n+1 c A 6 1 f",
     "open\nc gap@4 0+3\nc@4 3 d\nc@5 4 e\nc@6 5 f\ncapture_end@6"},
    {"KeepAlive", "c PA 1 1 abc\ns A 1 4\n+9000 c A 3 1 Z\ns A 1 4\nc A 3 1\nc PA 4 1 def",
     "open\nc@4 0 abc\nc@9 3 def\ncapture_end@9"},
    {"KeepAliveBeforeData", "+9000 c A 0 1 Z\ns A 1 1\nc PA 1 1 abc", "open\nc@6 0 abc\ncapture_end@6"},
    {"ZeroWindowProbe", "c PA 1 1 abc\ns A 1 4\nc A 4 1 d\ns A 1 4\nc PA 4 1 def",
     "open\nc@4 0 abc\nc@6 3 d\nc@8 4 ef\ncapture_end@8"},
    {"FinBeforeData", "c FA 4 1\nc PA 1 1 abc\ns FA 1 5", "open\nc@5 0 abc\nc end@4\ns end@6\nfin@6"},
    {"FinWithData", "c FPA 1 1 abc\ns FA 1 5", "open\nc@4 0 abc\nc end@4\ns end@5\nfin@5"},
    {"FinRepeated", "c FA 1 1\nc FA 1 1\ns PA 1 2 abc\ns FA 4 2\ns FA 4 2",
     "open\nc end@4\ns@6 0 abc\ns end@7\nfin@7"},
    {"FinBehindLoss", "c FA 4 1\ns A 1 5\n+1000 s FA 1 5", "open\nc gap@4 0+3\nc end@4\ns end@6\nfin@6"},
    {"DataAfterFinIsNotOfTheStream", "c PA 1 1 abc\nc FA 4 1\nc PA 5 1 de\ns FA 1 5",
     "open\nc@4 0 abc\nc end@5\ns end@7\nfin@7"},
    {"FinInsideCapturedBytesIsNotBelieved", "c PA 1 1 abc\nc FA 2 1\nc PA 4 1 def",
     "open\nc@4 0 abc\nc@6 3 def\ncapture_end@6"},
    {"SimultaneousClose", "c PA 1 1 a\ns PA 1 2 b\nc FA 2 2\ns FA 2 2\nc A 3 3\ns A 3 3",
     "open\nc@4 0 a\ns@5 0 b\nc end@6\ns end@7\nfin@7"},
    {"HalfClosedGoesOn", "c FPA 1 1 a\ns A 1 3\ns PA 1 3 b\nc A 3 2\ns FPA 2 3 c\nc A 3 4",
     "open\nc@4 0 a\nc end@4\ns@6 0 b\ns@8 1 c\ns end@8\nfin@8"},
    {"ResetAfterSilence", "c PA 1 1 a\ns R 1 -\n+1000 c A 2 1", "open\nc@4 0 a\nreset@5"},
    {"ResetAtEnd", "c PA 1 1 a\nc RA 2 1", "open\nc@4 0 a\nreset@5"},
    {"ResetTwice", "c PA 1 1 a\nc R 2 -\nc R 2 -", "open\nc@4 0 a\nreset@5"},
    {"ResetAfterBothFinished", "c FPA 1 1 a\ns FA 1 3\nc R 3 -\nc R 3 -",
     "open\nc@4 0 a\nc end@4\ns end@5\nfin@5"},
    {"ResetWhenReceiverFinishedIsAtOnce", "s FPA 1 1 bye\nc R 1 -\nc R 1 -",
     "open\ns@4 0 bye\ns end@4\nreset@5"},
    {"DataInFlightAfterReset", "c PA 1 1 a\nc R 2 -\ns PA 1 2 late\ns PA 5 2 r",
     "open\nc@4 0 a\ns@6 0 late\ns@7 4 r\nreset@5"},
    {"ResetOvertakesData", "c R 4 -\nc PA 1 1 abc", "open\nc@5 0 abc\nreset@4"},
    {"ResetDisprovedBySender", "c PA 1 1 a\nc R 2 -\nc PA 2 1 b\n+3000 s PA 1 3 c",
     "open\nc@4 0 a\nc@6 1 b\ns@7 0 c\ncapture_end@7"},
    {"ResetOutOfWindow", "c PA 1 1 abc\ns A 1 4\nc R 2 -\n+3000 c PA 4 1 def",
     "open\nc@4 0 abc\nc@7 3 def\ncapture_end@7"},
    {"ResetFarAhead", "c PA 1 1 abc\nc R 500000000 -\n+3000 c PA 4 1 def",
     "open\nc@4 0 abc\nc@6 3 def\ncapture_end@6"},
    {"ResetTextIsNotData", "c PA 1 1 a\ns RA 1 2 go_away", "open\nc@4 0 a\nreset@5"},
    {"PortReusedAfterFin", "c FPA 1 1 a\ns FA 1 3\nisn c 70000\nisn s 90000\nc S 0 -\ns SA 0 1\nc PA 1 1 b",
     "open\nc@4 0 a\nc end@4\ns end@5\nfin@5\nopen\nc@8 0 b\ncapture_end@8"},
    {"PortReusedAfterReset", "c PA 1 1 a\ns RA 1 2\nisn c 70000\nc S 0 -\nisn s 7\ns SA 0 1\nc PA 1 1 b",
     "open\nc@4 0 a\nreset@5\nopen\nc@8 0 b\ncapture_end@8"},
    {"PortReusedInTheMiddle", "c PA 1 1 a\nisn c 70000\nc S 0 -\nisn s 8\ns SA 0 1\nc PA 1 1 b",
     "open\nc@4 0 a\nport_reused@5\nopen\nc@7 0 b\ncapture_end@7"},
    {"NewIsnIsNoKeepAlive", "c PA 1 1 abc\ns A 1 4\nisn c 3\nc S 0 -\nisn s 70000\ns SA 0 1\nc PA 1 1 new",
     "open\nc@4 0 abc\nport_reused@6\nopen\nc@8 0 new\ncapture_end@8"},
    {"PortReusedByTheOtherSide",
     "c FPA 1 1 a\ns FA 1 3\nisn c 70000\nisn s 90000\ns S 0 -\nc SA 0 1\ns PA 1 1 b",
     "open\nc@4 0 a\nc end@4\ns end@5\nfin@5\nopen\ns@8 0 b\ncapture_end@8"},
    {"PortReusedAnswerOnly", "c PA 1 1 a\nisn c 70000\nisn s 90000\ns SA 0 1\nc PA 1 1 b",
     "open\nc@4 0 a\nport_reused@5\nopen\nc@6 0 b\ncapture_end@6"},
    {"SynRepeatedIsNoReuse", "c PA 1 1 a\nc S 0 -\ns SA 0 1\nc PA 2 1 b",
     "open\nc@4 0 a\nc@7 1 b\ncapture_end@7"},
    {"LateSegmentsMakeNoGhost",
     "c FPA 1 1 a\ns FA 1 3\nc A 3 2\ns FA 1 3\nc A 3 2\nc FPA 1 1 a\nc PA 1 1 a\nc R 3 -",
     "open\nc@4 0 a\nc end@4\ns end@5\nfin@5"},
    {"DataBeyondAnEndedConnectionIsNew", "c FPA 1 1 a\ns FA 1 3\nc PA 50000 1 new\ns A 1 50003",
     "open\nc@4 0 a\nc end@4\ns end@5\nfin@5\nopen middle\nc@6 0 new\ncapture_end@7"},
    {"CutPayloadIsAHole", "c PA 1 1 abc miss=3\nc PA 7 1 ghi\ns A 1 10\n+1000 s A 1 10",
     "open\nc@4 0 abc\nc gap@4 3+3 cut@4\nc@5 6 ghi\ncapture_end@7"},
    {"CutAndLostAreTwoHoles", "c PA 1 1 abc miss=3\nc PA 10 1 jkl\ns A 1 13\n+1000 s A 1 13",
     "open\nc@4 0 abc\nc gap@4 3+3 cut@4\nc gap@5 6+3\nc@5 9 jkl\ncapture_end@7"},
    {"LostAndCutAreTwoHoles", "c PA 1 1 abc\nc PA 7 1 miss=3\nc PA 10 1 jkl\ns A 1 13\n+1000 s A 1 13",
     "open\nc@4 0 abc\nc gap@5 3+3\nc gap@5 6+3 cut@5\nc@6 9 jkl\ncapture_end@8"},
    {"CutInSeveralPacketsIsOneHole",
     "c PA 1 1 miss=3\nc PA 4 1 miss=4\nc PA 8 1 hi\ns A 1 10\n+1000 s A 1 10",
     "open\nc gap@4 0+7 cut@4\nc@6 7 hi\ncapture_end@8"},
    {"CutAndFilledInPartByRetransmission",
     "c PA 1 1 abc miss=6\nc PA 1 1 abcde\nc PA 10 1 jkl\ns A 1 13\n+1000 s A 1 13",
     "open\nc@4 0 abc\nc@5 3 de\nc gap@4 5+4 cut@4\nc@6 9 jkl\ncapture_end@8"},
    {"CutPayloadFilledByRetransmission", "c PA 1 1 abc miss=3\nc PA 7 1 ghi\nc PA 1 1 abcdef",
     "open\nc@4 0 abc\nc@6 3 def\nc@5 6 ghi\ncapture_end@6"},
    {"CutPayloadAtTheEnd", "c FPA 1 1 abc miss=3\ns A 1 8\n+1000 s FA 1 8",
     "open\nc@4 0 abc\nc gap@4 3+3 cut@4\nc end@4\ns end@6\nfin@6"},
    {"HeadersOnly", "c PA 1 1 miss=100\ns A 1 101\n+1000 s PA 1 101 miss=7",
     "open\nc gap@4 0+100 cut@4\ns gap@6 0+7 cut@6\ncapture_end@6"},
    {"EachPacketTwice",
     "c A 1 1\nc PA 1 1 abc\nc PA 1 1 abc\ns PA 1 4 de\ns PA 1 4 de\nc FA 4 3\nc FA 4 3\ns FA 3 5\ns FA 3 "
     "5\nc A 5 4\nc A 5 4",
     "open\nc@5 0 abc\ns@7 0 de\nc end@9\ns end@11\nfin@11"},
    {"LargeOffload", "c PA 1 1 x200000\nc PA 200001 1 end",
     "open\nc@4 0 x200000\nc@5 200000 end\ncapture_end@5"},
    {"UrgentDataStaysInLine", "c UPA 1 1 abc\nc PA 4 1 d", "open\nc@4 0 abc\nc@5 3 d\ncapture_end@5"},
    {"JumpBeyondTheLargestWindow",
     "c PA 1 1 a\nc PA 2000000001 1 abc\nc PA 2000000004 1 def\nc PA 2000000007 1 ghi\nc PA 2000000010 1 j",
     "open\nc@4 0 a\nc gap@7 1+2000000005\nc@7 2000000006 ghi\nc@8 2000000009 j\ncapture_end@8"},
    {"FarStrayIsIgnored", "c PA 1 1 a\nc PA 2000000001 1 abc\nc PA 2 1 b",
     "open\nc@4 0 a\nc@6 1 b\ncapture_end@6"},
    {"TimeStepsBack", "c PA 4 1 d\ns A 1 5\n~500 s A 1 5\n+400 c PA 1 1 abc",
     "open\nc@7 0 abc\nc@4 3 d\ncapture_end@7"},
    {"IdleEnds", "c PA 1 1 a\n+8099999 s A 1 2\n+8100000 c PA 2 1 b\ns A 1 3",
     "open\nc@4 0 a\nidle@6\nopen middle\nc@6 0 b\ncapture_end@7"},
});

// Scripts that begin in the middle, or otherwise without the usual opening.
constexpr std::array kBare = std::to_array<Case>({
    {"MiddleAcknowledged", "c PA 500 700 abc\ns A 700 503\ns PA 700 503 de\nc PA 503 702 f",
     "open middle\nc@1 0 abc\ns@3 0 de\nc@4 3 f\ncapture_end@4"},
    {"MiddleEarlierSegmentGoesInFront", "c PA 503 700 def\nc PA 500 700 abc\ns A 700 506",
     "open middle\nc@2 0 abc\nc@1 3 def\ncapture_end@3"},
    {"MiddleKnownByAnEarlierAcknowledgement",
     "s A 700 500\ns PA 700 500 hi\nc PA 503 702 def\nc PA 500 702 abc\ns A 702 506",
     "open middle\ns@2 0 hi\nc@4 0 abc\nc@3 3 def\ncapture_end@5"},
    {"MiddleOneSidedStartsAfterPackets", "c A 500 700 a\nc A 501 700 b\nx7 c A 502 700 c",
     "open middle\nc@1 0 a\nc@2 1 b\nc@3 2 c\ncapture_end@9"},
    {"MiddleOneSidedStartsAfterTime", "c A 500 700 a\n+1000 c A 501 700 b",
     "open middle\nc@1 0 a\nc@2 1 b\ncapture_end@2"},
    {"MiddleTooLateForTheFront", "c A 503 700 d\ns A 700 504\nc A 500 700 abc\nc A 504 700 e",
     "open middle\nc@1 0 d\nc@4 1 e\ncapture_end@4"},
    {"MiddleOnlyFin", "c FA 500 700\ns FA 700 501\nc A 501 701", ""},
    {"MiddleEndsByFin", "c FPA 500 700 bye\ns FPA 700 504 bye\nc A 504 704",
     "open middle\nc@1 0 bye\nc end@1\ns@2 0 bye\ns end@2\nfin@2"},
    {"SynAfterItsData", "c PA 1 1 abc\nc S 0 -\ns SA 0 1", "open\nc@1 0 abc\ncapture_end@3"},
    {"AnswerBeforeSyn", "s SA 0 1\nc S 0 -\nc PA 1 1 abc", "open\nc@3 0 abc\ncapture_end@3"},
    {"AnswerOnly", "s SA 0 1\nc A 1 1\nc PA 4 1 def\ns PA 1 7 x\n+1000 s A 2 7",
     "open\ns@4 0 x\nc gap@3 0+3\nc@3 3 def\ncapture_end@5"},
    {"SimultaneousOpen", "c S 0 -\ns S 0 -\nc SA 0 1\ns SA 0 1\nc PA 1 1 a\ns PA 1 2 b",
     "open\nc@5 0 a\ns@6 0 b\ncapture_end@6"},
    {"DataOnSyn", "c S 0 - early\ns SA 0 6\nc PA 6 1 more\ns PA 1 10 ok",
     "open\nc@1 0 early\nc@3 5 more\ns@4 0 ok\ncapture_end@4"},
    {"DataOnSynRefused", "c S 0 - early\ns SA 0 1\nc PA 1 1 early\nc PA 6 1 more",
     "open\nc@1 0 early\nc@4 5 more\ncapture_end@4"},
    {"DataOnSynRepeated", "c S 0 - early\n+1000 c S 0 - early\ns SA 0 6\nc PA 6 1 x",
     "open\nc@1 0 early\nc@4 5 x\ncapture_end@4"},
    {"SynLost", "s SA 0 1\nc PA 1 1 abc\ns FA 1 4\nc FA 4 2", "open\nc@2 0 abc\ns end@3\nc end@4\nfin@4"},
    {"HalfOpen", "c S 0 -\n+1000 c S 0 -\n+2000 c S 0 -", ""},
    {"Refused", "c S 0 -\ns RA 0 1\nc S 0 -\ns RA 0 1", ""},
    {"RefusedThenAccepted", "c S 0 -\ns RA 0 1\n+500 c S 0 -\ns SA 0 1\nc PA 1 1 a",
     "open\nc@5 0 a\ncapture_end@5"},
    {"HandshakeOnly", "c S 0 -\ns SA 0 1\nc A 1 1\nc FA 1 1\ns FA 1 2\nc A 2 2", ""},
    {"StrayControlSegments", "c A 5 9\ns FA 9 5\nc R 5 -\ns RA 9 5 text", ""},
    {"FinOfOneSideBeforeAnyData", "c S 0 -\ns SA 0 1\nc FA 1 1\ns PA 1 2 data\ns FA 5 2",
     "open\nc end@3\ns@4 0 data\ns end@5\nfin@5"},
    {"SecondAnswerAfterFinIsNotBelieved",
     "c S 0 -\ns SA 0 1\nc PA 1 1 a\ns FA 1 2\nisn s 900\ns SA 0 1\ns PA 1 2 b",
     "open\nc@3 0 a\ns end@4\ncapture_end@6"},
    {"SecondAnswerWithAnotherNumber", "c S 0 -\ns SA 0 1\nisn s 900\ns SA 0 1\nc PA 1 1 a\ns PA 1 2 b",
     "open\nc@4 0 a\ns@5 0 b\ncapture_end@5"},
    {"AnswerToAnOldSyn", "c S 0 -\ns SA 77 5001\nc R 5001 -\n+1000 c S 0 -\ns SA 0 1\nc PA 1 1 a\ns PA 1 2 b",
     "open\nc@6 0 a\ns@7 0 b\ncapture_end@7"},
    {"HalfOpenRecovery",  // the server still has an older connection and answers with its numbers
     "c S 0 -\ns A 4000 900\nc R 900 -\n+3000 c S 0 -\ns SA 0 1\nc PA 1 1 a\ns PA 1 2 b",
     "open\nc@6 0 a\ns@7 0 b\ncapture_end@7"},
    {"OneDirectionWholeConnection", "c S 0 -\nc A 1 1\nc PA 1 1 abc\nc FA 4 9\nc A 5 10",
     "open\nc@3 0 abc\nc end@4\ncapture_end@5"},
});

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const auto& line : lines) out += (out.empty() ? "" : "\n") + line;
  return out;
}

void run(const Case& c, const std::string& script) {
  for (const Setting& setting : all_settings()) {
    EXPECT_EQ(joined(play(script, setting).log), c.log)
        << c.name << ", ISNs " << setting.isn_c << " and " << setting.isn_s
        << (setting.swapped ? ", swapped" : "");
  }
}

class Opened : public testing::TestWithParam<Case> {};
TEST_P(Opened, Plays) {
  run(GetParam(), std::string(kOpening) + GetParam().script);
}
INSTANTIATE_TEST_SUITE_P(Script, Opened, testing::ValuesIn(kOpened),
                         [](const auto& i) { return std::string(i.param.name); });

class Bare : public testing::TestWithParam<Case> {};
TEST_P(Bare, Plays) {
  run(GetParam(), GetParam().script);
}
INSTANTIATE_TEST_SUITE_P(Script, Bare, testing::ValuesIn(kBare),
                         [](const auto& i) { return std::string(i.param.name); });

}  // namespace
}  // namespace tlspeel::tcp::test
