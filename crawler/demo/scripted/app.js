// The whole site in one script, as single-page sites are: it asks for JSON and writes the page.
const escaped = (text) => String(text).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/"/g, "&quot;");

function showList(found) {
  const rows = found.rows.map((row) => `<li><a href="${escaped(row.url)}">${escaped(row.title)}</a><span>${escaped(row.date)}</span></li>`);
  const next = found.page < found.pages ? `<a href="/tzgg/?page=${found.page + 1}">下一页</a>` : "";
  return `<div class="crumb">首页 &gt; 通知公告</div><ul class="list">${rows.join("")}</ul><div class="pager">共${found.total}条 第${found.page}/${found.pages}页 ${next}</div>`;
}

function showNotice(found) {
  document.title = found.title;
  const lines = found.text.map((line) => `<p>${escaped(line)}</p>`);
  return `<h1>${escaped(found.title)}</h1><div class="info">发布日期：${escaped(found.date)}　来源：岚屿市数据局</div><div class="article">${lines.join("")}</div>`;
}

const notice = location.pathname.match(/^\/notice\/(\d+)\.html$/);
const page = new URLSearchParams(location.search).get("page") || "1";
const address = notice ? `/api/notice?id=${notice[1]}` : `/api/list?page=${page}`;
fetch(address)
  .then((answer) => answer.json())
  .then((found) => { document.getElementById("app").innerHTML = notice ? showNotice(found) : showList(found); });
fetch("/api/private/session").catch(() => {}); // robots.txt says no
new Image().src = "/static/logo.png";
