/*
 * The story of a case, and what happens when something is wrong:
 *
 *     open_ticket SITE
 *
 * SITE is the address of the simulator, or of your API with keys in CASEWIRE_PUBLIC_KEY and CASEWIRE_PRIVATE_KEY. It ends with 0
 * when everything came as it should, and says what did not.
 */
#include <curl/curl.h>

#include <cstdlib>
#include <iostream>
#include <map>
#include <thread>
#include <vector>

#include "casewire.hpp"

namespace {

std::string configuration(const std::string &site, const std::string &more)
{
    return R"json({"version": 1, "instance": "cpp-example",
      "connection": {"site": ")json" + site + R"json(", "company_id": "acme", "allow_insecure_loopback": true,
        "client_id": "6f1f6f0e-3c1d-4a52-9a54-0b9f5f4f9e11"},
      "routes": [{"name": "all", "board": "Professional Services", "type": "Security",
        "status": {"created": "New (not responded)"}}],
      "status_map": {"Professional Services": {
        "to_case": {"New (not responded)": "open", "In Progress": "in_progress",
          "Waiting Customer Response": "in_progress", "Closed": "closed"},
        "to_ticket": {"open": "New (not responded)", "closed": "Closed"}}},
      "priority_map": {"critical": "Priority 1 - Emergency Response"}, "limits": {"settle": "1s"})json" + more + "}";
}

std::string alert(const std::string &id, const std::string &more = "")
{
    return R"({"id": ")" + id + R"(", "number": ")" + id + R"(", "title": "Windows: Audit log cleared",
      "description": "The audit log was cleared.", "severity": "critical", "group": {"id": "48Tech"},
      "created_at": "2019-02-11T01:07:14Z", "updated_at": "2019-02-11T01:09:53Z")" + more + "}";
}

const char MAPPED[] = R"(, "companies": {"map": [{"group": "48Tech", "company": {"identifier": "BigDesign"}}]})";

/** Whether an address is that of a collection, and not of a record in it. */
bool is_collection(std::string_view url, std::string_view path)
{
    url = url.substr(0, url.find('?'));
    return url.size() >= path.size() && url.substr(url.size() - path.size()) == path;
}

/** A request that got no answer. */
struct Unanswered : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/** libcurl sends, memory stores, and what is delivered is remembered. */
class Product : public casewire::Host {
public:
    Product() : curl_(curl_easy_init(), curl_easy_cleanup)
    {
        if (!curl_)
            throw std::bad_alloc();
    }

    std::map<std::uint64_t, std::optional<std::uint64_t>> tickets;
    std::map<std::uint64_t, std::string> failures;
    std::vector<std::string> deliveries;
    /** Acts as a network would that loses the answer to a create. */
    bool loses_answer = false;

    void http(casewire::Step step, casewire::Answer answer) override
    {
        CURL *curl = curl_.get();
        std::string body;
        for (std::size_t i = 0; i < casewire_step_body_count(step.get()); i++) {
            const casewire_slice piece = casewire_step_body_piece(step.get(), i);
            body.append(reinterpret_cast<const char *>(piece.data), piece.size);
        }
        const std::string method(step.method());
        const std::string url(step.url());
        std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers(nullptr, curl_slist_free_all);
        for (std::size_t i = 0; i < casewire_step_http_header_count(step.get()); i++) {
            const std::string line = std::string(casewire::view(casewire_step_http_header_name(step.get(), i))) + ": " +
                                     std::string(casewire::view(casewire_step_http_header_value(step.get(), i)));
            headers.reset(curl_slist_append(headers.release(), line.c_str()));
        }
        curl_easy_reset(curl);
        curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
        if (!body.empty()) {
            curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.data());
            curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
        }
        curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method.c_str());
        curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
        curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(casewire_step_http_timeout_ms(step.get())));
        curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
        std::string received;
        curl_easy_setopt(curl, CURLOPT_WRITEDATA, &received);
        curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, +[](char *bytes, std::size_t size, std::size_t count, void *to) {
            static_cast<std::string *>(to)->append(bytes, size * count);
            return size * count;
        });
        const CURLcode code = curl_easy_perform(curl);
        if (code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST)
            return answer.set_failed(CASEWIRE_FAILURE_NOT_SENT, curl_easy_strerror(code));
        if (code != CURLE_OK)
            throw Unanswered(curl_easy_strerror(code));
        if (loses_answer && method == "POST" && is_collection(url, "/service/tickets")) {
            loses_answer = false;
            throw Unanswered("the answer was lost");
        }
        long status = 0;
        char *type = nullptr;
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
        curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type);
        answer.set_http(static_cast<std::uint32_t>(status));
        if (type != nullptr)
            answer.add_header("content-type", type);
        answer.add_body(received.data(), received.size());
    }

    void store(casewire::Step step, casewire::Answer answer) override { store_.perform(step, answer); }

    void deliver(casewire::Step step) override { deliveries.emplace_back(step.json()); }

    bool wait_until(std::int64_t deadline_ms) override
    {
        std::this_thread::sleep_for(std::chrono::milliseconds(deadline_ms - casewire::now_ms()));
        return true;
    }

    void finished(casewire::Step step) override
    {
        tickets[step.operation()] = step.ticket();
        if (const auto error = step.error())
            failures[step.operation()] = std::string(error->code());
    }

private:
    std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl_;
    casewire::MemoryStore store_;
};

int faults = 0;

void expect(bool holds, const std::string &what)
{
    if (!holds) {
        std::cerr << "not so: " << what << '\n';
        faults++;
    }
}

std::string key(const char *variable, const char *of_the_simulator)
{
    const char *value = std::getenv(variable);
    return value != nullptr ? value : of_the_simulator;
}

}  // namespace

int main(int argc, char **argv)
{
    if (argc != 2) {
        std::cerr << "usage: " << argv[0] << " SITE\n";
        return 2;
    }
    curl_global_init(CURL_GLOBAL_DEFAULT);
    const std::string site = argv[1];
    const std::string public_key = key("CASEWIRE_PUBLIC_KEY", "simulator-public");
    const std::string private_key = key("CASEWIRE_PRIVATE_KEY", "simulator-private");
    const casewire::Credentials keys{public_key, private_key};
    try {
        Product product;
        casewire::Connector connector(configuration(site, MAPPED), keys);
        const auto opened = connector.submit_case(alert("10012"));
        connector.run(product);
        const auto ticket = product.tickets[opened];
        if (!ticket)
            throw std::runtime_error("case 10012 has no ticket: " + product.failures[opened]);
        std::cout << "case 10012 -> ticket " << *ticket << '\n';

        const auto commented = connector.submit_case(alert("10012",
            R"(, "comments": [{"id": "c-1", "text": "reviewing", "created_at": "2019-02-11T01:10:00Z"}])"));
        connector.run(product);
        expect(product.tickets[commented] == ticket, "a comment goes to the same ticket");
        const auto closed = connector.submit_case(alert("10012", R"(, "status": "closed")"));
        connector.run(product);
        expect(product.tickets[closed] == ticket && product.failures.empty(), "the case closes its ticket");
        expect(product.deliveries.back().find("ticket_closed") != std::string::npos, "the host is told of the closing");

        product.loses_answer = true;
        const auto lost = connector.submit_case(alert("10013"));
        connector.run(product);
        // The simulator counts up: the ticket after the first is the one whose answer was lost, and not another.
        expect(!product.loses_answer && product.tickets[lost] == *ticket + 1, "a lost answer ends in one ticket");
        const auto again = connector.submit_case(alert("10013"));
        connector.run(product);
        expect(product.tickets[again] == product.tickets[lost], "which is found again");

        Product stranger;
        casewire::Connector wrong(configuration(site, MAPPED), casewire::Credentials{public_key, "hunter2"});
        const auto refused = wrong.submit_case(alert("10014"));
        wrong.run(stranger);
        expect(stranger.failures[refused] == "unauthorized", "a wrong key is unauthorized");

        Product other;
        casewire::Connector unmapped(configuration(site, R"(, "companies": {"unmapped": {"policy": "refuse"}})"), keys);
        const auto without = unmapped.submit_case(alert("10015"));
        unmapped.run(other);
        expect(other.failures[without] == "unmapped_group", "a group without a company is refused");
    } catch (const std::exception &error) {
        expect(false, error.what());
    }
    try {
        casewire::validate_case(R"({"id": 5})");
        expect(false, "a bad case is refused");
    } catch (const casewire::Error &error) {
        expect(error.json().find("\"/title\"") != std::string::npos, "every fault is named");
    }
    curl_global_cleanup();
    return faults == 0 ? 0 : 1;
}
