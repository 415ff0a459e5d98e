//! Markdown to HTML that is safe to show, whoever wrote it.

use pulldown_cmark::{html, CowStr, Event, Options, Parser, Tag, TagEnd};

pub struct Document {
    /// Plain text of the first heading; empty when there is none.
    pub title: String,
    pub html: String,
}

pub fn render(markdown: &str) -> Document {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_GFM;
    let mut html = String::with_capacity(markdown.len() * 3 / 2);
    html::push_html(&mut html, Parser::new_ext(markdown, options).map(harmless));
    Document {
        title: first_heading(Parser::new_ext(markdown, options)),
        html,
    }
}

/// HTML becomes text, and links of other schemes than those of the web lead nowhere.
fn harmless(event: Event) -> Event {
    match event {
        Event::Html(html) | Event::InlineHtml(html) => Event::Text(html),
        Event::Start(Tag::Link {
            link_type,
            dest_url,
            title,
            id,
        }) => Event::Start(Tag::Link {
            link_type,
            dest_url: web_url(dest_url),
            title,
            id,
        }),
        Event::Start(Tag::Image {
            link_type,
            dest_url,
            title,
            id,
        }) => Event::Start(Tag::Image {
            link_type,
            dest_url: web_url(dest_url),
            title,
            id,
        }),
        other => other,
    }
}

fn web_url(url: CowStr) -> CowStr {
    // Browsers skip white space and control characters inside a scheme.
    let start: String = url
        .chars()
        .filter(|c| !c.is_whitespace() && !c.is_control())
        .collect();
    let scheme = match start.find([':', '/', '?', '#']) {
        Some(at) if start[at..].starts_with(':') => start[..at].to_ascii_lowercase(),
        _ => return url,
    };
    match scheme.as_str() {
        "http" | "https" | "mailto" => url,
        _ => "#".into(),
    }
}

fn first_heading<'a>(events: impl Iterator<Item = Event<'a>>) -> String {
    events
        .skip_while(|event| !matches!(event, Event::Start(Tag::Heading { .. })))
        .take_while(|event| !matches!(event, Event::End(TagEnd::Heading(_))))
        .filter_map(|event| match event {
            Event::Text(text) | Event::Code(text) => Some(text.into_string()),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::render;

    #[test]
    fn title_is_the_text_of_the_first_heading() {
        assert_eq!(
            render("one\n\n## Two *and* `three`\n\n# Four").title,
            "Two and three"
        );
        assert_eq!(render("no heading").title, "");
    }

    #[test]
    fn html_is_shown_and_not_obeyed() {
        let html = render("a <b onclick=x>b</b>\n\n<script>alert(1)</script>\n").html;
        assert!(!html.contains("<script") && !html.contains("<b "), "{html}");
        assert!(
            html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"),
            "{html}"
        );
    }

    #[test]
    fn links_lead_to_the_web_or_nowhere() {
        for url in [
            "javascript:alert(1)",
            "JaVaScript:x",
            "data:text/html,x",
            "vbscript:x",
            "<java\tscript:x>",
            "&#106;avascript:x",
        ] {
            let html = render(&format!("[x]({url}) ![y]({url})")).html;
            assert!(
                html.contains("href=\"#\"") && html.contains("src=\"#\""),
                "{url}: {html}"
            );
        }
        for url in [
            "https://example.com/a:b",
            "mailto:a@example.com",
            "/a",
            "a/b:c",
            "?q=a:b",
            "#c",
        ] {
            let html = render(&format!("[x]({url})")).html;
            assert!(html.contains(&format!("href=\"{url}\"")), "{url}: {html}");
        }
    }
}
