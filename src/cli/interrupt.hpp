// Ctrl-C while a capture still comes: the terminal sends it to all of `tcpdump -w - | tlspeel -`, and what
// tcpdump is about to hand over, the ends of connections, the summary, and the end of an archive would be
// lost. So the first one only says what goes on: whoever writes has had it, too, and ends the capture. The
// second one breaks off. Call once, before there are threads.
#pragma once

#include <string>
#include <vector>

namespace tlspeel::cli {

// Does nothing where no capture comes by a pipe, or where interrupts are ignored (nohup, jobs in background).
void outlive_first_interrupt(const std::vector<std::string>& captures);

}  // namespace tlspeel::cli
