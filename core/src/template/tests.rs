use super::*;
use serde_json::json;

fn case() -> Arc<Case> {
    Arc::new(
        serde_json::from_value(json!({
            "id": "10012", "number": "10012", "title": "Windows: Audit log cleared",
            "description": "2/4/2019 10:10:29 PM: The audit log was cleared.\nAccount Name: John",
            "severity": "critical", "category": "windows", "kind": "audit", "status": "open",
            "group": {"id": "48Tech", "name": "48Tech", "email": "it@bigdesign.com"},
            "system": {"id": "48Tech-DC1", "name": "48Tech-DC1", "macs": ["00-15-5D-01-4F-A1"], "ips": ["192.168.4.78"]},
            "user": {"name": "John", "domain": "48Tech"},
            "created_at": "2019-02-11T01:07:14Z", "updated_at": "2019-02-11T01:09:53Z",
            "artifacts": [{"type": "account", "value": "48Tech\\John"}, {"type": "host", "value": "48Tech-DC1"}],
            "comments": [{"id": "c-1", "text": "reviewing", "visibility": "internal", "created_at": "2019-02-11T01:09:54Z"}],
            "attachments": [{"id": "a", "file_name": "x.txt", "size": 7, "token": "t"}],
            "tags": ["a", "b"],
            "custom_fields": {"Case": "x", "n": 1.5, "big": 1e300, "i": -3, "flag": true, "none": null, "list": [1, "b"], "map": {"k": {"d": 2}}, "html": "<b>&\"'"}
        }))
        .unwrap(),
    )
}

fn rendered(source: &str) -> String {
    Template::compile(source)
        .unwrap_or_else(|problem| panic!("{source}: {problem:?}"))
        .render(&case())
        .unwrap()
}

#[test]
fn templates_render_what_they_say() {
    for (source, text) in [
        ("", ""),
        ("plain", "plain"),
        (
            "EventTracker Case #{{ case.number }} - {{ case.title }}",
            "EventTracker Case #10012 - Windows: Audit log cleared",
        ),
        ("{{case.severity}}", "critical"),
        ("{{ case.incident }}", ""),
        ("{{ case.number or case.id }}", "10012"),
        ("{{ case.incident or case.id }}", "10012"),
        (
            "{{ case.group.name }}/{{ case.system.name }}",
            "48Tech/48Tech-DC1",
        ),
        ("{{ case.user.email }}|", "|"),
        ("{{ case.created_at }}", "2019-02-11T01:07:14Z"),
        (
            "{% for a in case.artifacts %}\n{{ a.type }}: {{ a.value }}{% endfor %}",
            "\naccount: 48Tech\\John\nhost: 48Tech-DC1",
        ),
        (
            "{% for a in case.artifacts %}{{ loop.index }}{% if not loop.last %},{% endif %}{% endfor %}",
            "1,2",
        ),
        (
            "{% if case.severity == 'critical' %}!{% else %}?{% endif %}",
            "!",
        ),
        ("{% if case.incident %}has{% else %}none{% endif %}", "none"),
        ("{% if case.system and case.system.os %}os{% endif %}", ""),
        ("{{ case.severity|upper }}", "CRITICAL"),
        ("{{ case.title|lower }}", "windows: audit log cleared"),
        ("{{ '  a '|trim }}", "a"),
        ("{{ case.title|truncate(9) }}", "Windows:…"),
        (
            "{{ case.title|replace('Audit', 'Event') }}",
            "Windows: Event log cleared",
        ),
        ("{{ case.incident|default('no incident') }}", "no incident"),
        ("{{ case.tags|join(', ') }}", "a, b"),
        ("{{ case.system.ips|first }}", "192.168.4.78"),
        ("{{ case.tags|last }}", "b"),
        ("{{ case.artifacts|length }}", "2"),
        ("{{ case.incident|length }}", "0"),
        ("{{ (case.artifacts|first).value }}", "48Tech\\John"),
        ("{{ case.artifacts[1].value }}", "48Tech-DC1"),
        ("{{ case.comments[0].text }}", "reviewing"),
        ("{{ case.attachments[0].size }}", "7"),
        ("{{ case.custom_fields.Case }}", "x"),
        ("{{ case.custom_fields['Case'] }}", "x"),
        ("{{ case.custom_fields.missing }}", ""),
        ("{{ case.custom_fields.missing.deeper }}", ""),
        ("{{ case.custom_fields.map.k.d }}", "2"),
        ("{{ case.custom_fields.html }}", "<b>&\"'"),
        ("{# a note #}x", "x"),
        ("a {{- ' b' }}", "a b"),
        ("{% set s = case.severity %}{{ s }}", "critical"),
        ("{{ 'x' if case.kind == 'audit' else 'y' }}", "x"),
        ("{{ case.severity ~ '/' ~ case.kind }}", "critical/audit"),
        (
            "{% for c in case.comments if c.visibility == 'internal' %}{{ c.text }}{% endfor %}",
            "reviewing",
        ),
        ("ends\n", "ends\n"),
    ] {
        assert_eq!(rendered(source), text, "{source}");
    }
}

#[test]
fn both_ways_of_rendering_agree() {
    let full = case();
    let least = Arc::clone(&sample::cases()[1]);
    let mut paths: Vec<String> = [
        "custom_fields.Case",
        "custom_fields.n",
        "custom_fields.big",
        "custom_fields.i",
        "custom_fields.flag",
        "custom_fields.none",
        "custom_fields.list",
        "custom_fields.map",
        "custom_fields.map.k.d",
        "custom_fields.no.no",
        "group.id",
        "group.name",
        "group.email",
        "system.id",
        "system.name",
        "system.os",
        "system.serial_number",
        "user.name",
        "user.domain",
        "user.email",
    ]
    .map(str::to_owned)
    .to_vec();
    paths.extend(
        path::CASE
            .iter()
            .filter(|entry| matches!(entry.within, path::Within::Nothing))
            .map(|entry| entry.name.to_owned()),
    );
    for path in paths {
        for around in ["", " ", "\n", "a\r\n", "} { ", "ü"] {
            let source = format!("{around}{{{{ case.{path} }}}}{around}");
            let quick = Template::compile(&source).unwrap();
            assert!(matches!(quick, Template::Pieces(_)), "{source}");
            let slow = Template::interpreted(&source, object::print).unwrap();
            for case in [&full, &least] {
                assert_eq!(
                    quick.render(case).unwrap(),
                    slow.render(case).unwrap(),
                    "{source:?}"
                );
            }
        }
    }
}

#[test]
fn both_ways_of_conditions_and_loops_agree() {
    let full = case();
    let least = Arc::clone(&sample::cases()[1]);
    for source in [
        "{% if case.user %}\nUser: {{ case.user.name }}{% endif %}.",
        "{% if case.incident %}a{% else %}b{% endif %}",
        "{%if case.title%}{% if case.kind %}k{% else %}{% if case.system %}s{% endif %}{% endif %}{%endif%}",
        "{% if case.tags %}t{% endif %}{% if case.system.macs %}m{% endif %}{% if case.created_at %}c{% endif %}",
        "{% if case.group %}g{% endif %}{% if case.description %}{{ case.description }}{% else %}-{% endif %}",
        "{% for a in case.artifacts %}\n{{ a.type }}: {{ a.value }} ({{ case.id }}){% endfor %}\n",
        "{% for t in case.tags %}[{{ t }}]{% endfor %}{% for ip in case.system.ips %} {{ip}}{% endfor %}",
        "{% for c in case.comments %}{% if c.author %}{{ c.author }}{% else %}{{ c.visibility }} {{ c.created_at }}{% endif %}{% endfor %}",
        "{% for file in case.attachments %}{{ file.size }}{% if file.title %}!{% endif %}{% if file.size %}?{% endif %}{% endfor %}",
        "{% if case.kind %}{% for t in case.tags %}{% if t %}{{ t }},{% endif %}{% endfor %}{% endif %}",
        "{ %}{% if case.id %}}}{{ case.custom_fields.n }}{% endif %}",
    ] {
        let quick = Template::compile(source).unwrap();
        assert!(matches!(quick, Template::Pieces(_)), "{source}");
        let slow = Template::interpreted(source, object::print).unwrap();
        for case in [&full, &least] {
            let text = slow.render(case).unwrap();
            assert_eq!(quick.render(case).unwrap(), text, "{source}");
        }
    }
}

#[test]
fn what_pieces_cannot_say_is_left_to_the_interpreter() {
    for source in [
        "{% if case.kind == 'x' %}{% endif %}",
        "{% if case.custom_fields.n %}{% endif %}",
        "{% if case.custom_fields %}{% endif %}",
        "{% if not case.kind %}{% endif %}",
        "{% if case.kind -%} x{% endif %}",
        "{% if case.kind %}{% elif case.id %}{% endif %}",
        "{% for a in case.artifacts %}{{ loop.index }}{% endfor %}",
        "{% for a in case.artifacts %}{% else %}none{% endfor %}",
        "{% for a in case.artifacts %}{{ a }}{% endfor %}",
        "{% for a in case.artifacts %}{% for b in case.tags %}{% endfor %}{% endfor %}",
        "{% for x in case.custom_fields.list %}{% endfor %}",
        "{% for t in case.tags %}{{ t|upper }}{% endfor %}",
    ] {
        let template = Template::compile(source).unwrap();
        assert!(matches!(template, Template::Jinja(_)), "{source}");
    }
}

#[test]
fn a_loop_is_bounded_too() {
    let mut case = Case::clone(&case());
    case.description = "y".repeat(1 << 20);
    case.tags = vec![String::new(); 5];
    let template = "{% for t in case.tags %}{{ case.description }}{% endfor %}";
    let template = Template::compile(template).unwrap();
    assert!(matches!(template, Template::Pieces(_)));
    let problem = template.render(&Arc::new(case)).unwrap_err();
    assert!(problem.message.contains("4 MiB"), "{problem:?}");
}

#[test]
fn faults_are_found_before_any_case_comes() {
    for (source, part) in [
        ("{{ case.incidnet }}", "Did you mean 'incident'?"),
        ("{{ case.incidnet|upper }}", "Did you mean 'incident'?"),
        (
            "{% if false %}{{ case.titel }}{% endif %}",
            "Did you mean 'title'?",
        ),
        ("{{ case.system.nmae }}", "Did you mean 'name'?"),
        ("{{ case.system.nmae|upper }}", "Did you mean 'name'?"),
        (
            "{% if case.severity == 'x' %}{{ case.user.mail }}{% endif %}",
            "Did you mean 'email'?",
        ),
        (
            "{% for a in case.artifacts %}{{ a.valeu }}{% endfor %}",
            "Did you mean 'value'?",
        ),
        (
            "{% for a in case.artifacts %}{% if a.type == 'z' %}{{ a.valeu }}{% endif %}{% endfor %}",
            "Did you mean 'value'?",
        ),
        ("{{ case['titel'] }}", "Did you mean 'title'?"),
        ("{{ cas.title }}", "Did you mean 'case'?"),
        ("{{ title }}", "'case'"),
        ("{{ case.title|uper }}", "upper"),
        ("{{ case.title|safe }}", "upper"),
        ("{{ case.title", "syntax"),
        ("{% for a in case.artifacts %}", "syntax"),
        ("{% if %}", "syntax"),
        ("{% include 'x' %}", "syntax"),
        ("{% macro m() %}{% endmacro %}", "syntax"),
        ("{{ range(10) }}", "'case'"),
        ("{{ case.title.upper() }}", "|upper"),
        ("{{ case.title.first }}", "Nothing can be named"),
        ("{{ case }}{{ other }}", "'case'"),
    ] {
        let problem = Template::compile(source).expect_err(source);
        assert!(!problem.fix.is_empty());
        let said = format!("{} {}", problem.message, problem.fix).to_lowercase();
        assert!(said.contains(&part.to_lowercase()), "{source}: {said}");
    }
}

#[test]
fn work_and_length_are_bounded() {
    let long = "{% for a in case.description %}{% for b in case.description %}{% for c in case.description %}{% for d in case.description %}{% for e in case.description %}{% for f in case.description %}x{% endfor %}{% endfor %}{% endfor %}{% endfor %}{% endfor %}{% endfor %}";
    let mut grown = "{% set x = 'aaaaaaaaaaaaaaaa' %}".to_owned();
    for _ in 0..12 {
        grown.push_str("{% set x = x|replace('a', 'aaaaaaaaaaaaaaaa') %}");
    }
    grown.push_str("{{ x }}");
    for source in [grown.as_str(), long] {
        let outcome = Template::compile(source).and_then(|template| {
            let mut case = (*case()).clone();
            case.description = "y".repeat(1000);
            template.render(&Arc::new(case))
        });
        assert!(outcome.is_err(), "{source}");
    }
}

#[test]
fn what_is_printed_is_told_from_what_is_said() {
    let mut case = Case::clone(&case());
    case.title = "a\u{FDD1}[b](c)\u{FDD0}".to_owned();
    case.custom_fields
        .insert("x".to_owned(), serde_json::json!(["\u{FDD1}y"]));
    let case = Arc::new(case);
    let parts = |source: &str| {
        let mut parts = Vec::new();
        let template = Template::compile_marked(source).unwrap();
        template
            .write(&case, &mut |part| match part {
                Written::Said("") => {}
                Written::Said(text) => parts.push(("said", text.to_owned())),
                Written::Printed(text) => parts.push(("printed", text.to_owned())),
            })
            .unwrap();
        parts
    };
    let said = |text: &str| ("said", text.to_owned());
    let printed = |text: &str| ("printed", text.to_owned());
    assert_eq!(
        parts("**{{ case.id }}**"),
        [said("**"), printed("10012"), said("**")]
    );
    assert_eq!(
        parts("# {% if case.id %}{{ case.title|upper }}{% endif %}!"),
        [said("# "), printed("A[B](C)"), said("!")]
    );
    assert_eq!(
        parts("{% set t %}_{{ case.title }}_{% endset %}{{ t }}"),
        [printed("_a[b](c)_")]
    );
    let all = parts("{% if true %}{{ case.custom_fields }}{% endif %}.");
    assert_eq!(all.len(), 2, "{all:?}");
    assert!(all[0].0 == "printed" && all[0].1.contains('y'));
}
